import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_consent_path", {
    steps: () => [
        {
            content: "what there was with this customer",
            trigger: ".o_notebook a[name='care_contacts']",
            run: "click",
        },
        {
            content: "a message was held back, with its reason",
            trigger: ".o_field_widget[name='care_recent_log_ids'] td:contains('never agreed')",
        },
        {
            content: "why?",
            trigger: "button[name='action_care_why_not']",
            run: "click",
        },
        {
            content: "promotion does not go, the rest does",
            trigger: ".modal .o_care_why td:contains('never agreed')",
        },
        {
            trigger: ".modal .o_care_why td:contains('Goes')",
        },
        {
            content: "and it was tried",
            trigger: ".modal .o_field_widget[name='log_ids'] .o_data_row",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "a call",
            trigger: ".o_notebook button:contains('Log a Contact')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='summary'] textarea",
            run: "edit Cô Lan muốn nhận tin",
        },
        {
            trigger: ".modal button[name='action_log']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "it is on the page",
            trigger:
                ".o_field_widget[name='care_recent_log_ids'] td:contains('Cô Lan muốn nhận tin')",
        },
        {
            content: "she said yes",
            trigger: ".o_notebook button:contains('Set a Consent')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='evidence'] textarea",
            run: "edit Nói qua điện thoại",
        },
        {
            trigger: ".modal button[name='action_set']",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger:
                ".o_field_widget[name='care_current_consent_ids'] td:contains('Nói qua điện thoại')",
        },
        {
            content: "now it goes",
            trigger: "button[name='action_care_why_not']",
            run: "click",
        },
        {
            trigger: ".modal .o_care_why tr:contains('SMS'):not(:contains('never agreed'))",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "everything there was",
            trigger: "button[name='action_view_care_contacts']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Cô Lan muốn nhận tin')",
        },
    ],
});

registry.category("web_tour.tours").add("care_limit_path", {
    steps: () => [
        {
            trigger: "button[name='action_vietnam_preset']",
            run: "click",
        },
        {
            trigger: ".modal footer .btn-primary",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            content: "calls from eight to five, one a day",
            trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('17:00')",
        },
        {
            trigger: ".o_field_widget[name='patience_days'] input",
            run: "edit 5",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved",
        },
    ],
});
