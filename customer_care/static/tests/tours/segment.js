import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_segment_path", {
    steps: () => [
        {
            content: "segments come with the app",
            trigger: ".o_data_row:contains('Bought Once')",
        },
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "a name",
            trigger: ".o_field_widget[name='name'] input, .o_field_widget[name='name'] textarea",
            run: "edit Mua nhiều",
        },
        {
            content: "a condition",
            trigger: ".o_field_domain a:contains('New Rule')",
            run: "click",
        },
        {
            trigger: ".o_tree_editor_condition .o_model_field_selector",
            run: "click",
        },
        {
            trigger: ".o_model_field_selector_popover_search input",
            run: "edit Purchases",
        },
        {
            trigger: ".o_model_field_selector_popover_item[data-name='care_purchase_count'] button",
            run: "click",
        },
        {
            content: "the condition in words, and somebody who fulfils it",
            trigger: ".o_field_widget[name='condition_text']:contains('Purchases')",
        },
        {
            trigger: ".o_field_widget[name='preview_partner_ids']:contains('Vũ Thị Lan')",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "who that is",
            trigger: "button[name='action_refresh']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='member_ids'] td:contains('Vũ Thị Lan')",
        },
        {
            content: "why is somebody not in?",
            trigger: ".o_form_view button:contains('Why In, Why Out')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='partner_id'] input",
            run: "edit Trần Thị Mơ",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Trần Thị Mơ')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='verdict']:contains('is out')",
        },
        {
            content: "with the line that is not fulfilled",
            trigger: ".modal .fa-times[aria-label='not fulfilled']",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
        {
            trigger: "button[name='action_view_members']",
            run: "click",
        },
        {
            content: "the customers of the segment",
            trigger: ".o_list_view .o_data_row:contains('Vũ Thị Lan')",
        },
    ],
});
