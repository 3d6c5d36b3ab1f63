import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_duplicate_path", {
    steps: () => [
        {
            content: "a pair that was found by itself",
            trigger: ".o_data_row:contains('Lan tour'):contains('Same phone number')",
        },
        {
            trigger: ".o_data_row:contains('Lan tour') button[name='action_merge']",
            run: "click",
        },
        {
            content: "who stays, and what happens",
            trigger: ".modal .o_field_widget[name='preview']:contains('cannot be undone')",
        },
        {
            trigger: ".modal .o_field_widget[name='preview'] strong:contains('Lan tour kept')",
        },
        {
            trigger: ".modal footer button[name='action_merge']",
            run: "click",
        },
        {
            content: "the contact that stays, with what both were",
            trigger: ".o_form_view .o_field_widget[name='name']",
        },
        {
            trigger: "body:not(:has(.modal)) .o-mail-Message:contains('Merged with')",
        },
    ],
});
