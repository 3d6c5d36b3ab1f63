import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_rule_path", {
    steps: () => [
        {
            content: "a new segment",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='name'] input, .o_field_widget[name='name'] textarea",
            run: "edit Khách mới mua",
        },
        {
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
            content: "its preview",
            trigger: ".o_field_widget[name='preview_partner_ids']:contains('Vũ Thị Lan')",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "who is in it",
            trigger: "button[name='action_refresh']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='member_ids'] td:contains('Vũ Thị Lan')",
        },
        {
            content: "no rule uses it yet",
            trigger: ".o_notebook a[name='used_by']",
            run: "click",
        },
        {
            trigger: "button[name='action_new_care_rule']",
            run: "click",
        },
        {
            content: "a rule that waits for this segment",
            trigger: ".o_care_rule .o_field_widget[name='when_text']:contains('Khách mới mua')",
        },
        {
            trigger:
                ".o_care_rule .o_field_widget[name='name'] input, .o_care_rule .o_field_widget[name='name'] textarea",
            run: "edit Gọi người mới",
        },
        {
            trigger:
                ".o_care_rule .o_field_widget[name='subject'] input, .o_care_rule .o_field_widget[name='subject'] textarea",
            run: "edit Gọi {{salutation}} && press Tab",
        },
        {
            content: "what it would do for whom",
            trigger: ".o_field_widget[name='preview_samples'] td:contains('Vũ Thị Lan')",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: "button[name='action_start']",
            run: "click",
        },
        {
            content: "it runs, and did nothing for who was there",
            trigger: ".o_statusbar_status button.o_arrow_button_current:contains('Running')",
        },
        {
            trigger: "button[name='action_view_runs'] .o_stat_value:contains('0')",
        },
        {
            content: "one who would be left out",
            trigger: ".o_form_view button:contains('Try on a Customer')",
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
            trigger: ".modal .o_field_widget[name='verdict']:contains('left out')",
        },
        {
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});

registry.category("web_tour.tours").add("care_rule_log", {
    steps: () => [
        {
            content: "the rule as a sentence",
            trigger:
                ".o_data_row:contains('Gọi người mới') td[name='when_text']:contains('Khách mới mua')",
            run: "click",
        },
        {
            content: "what it did",
            trigger: "button[name='action_view_runs']:has(.o_stat_value:contains('1'))",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Trần Thị Mơ'):contains('Done'):contains('Mơ')",
        },
        {
            content: "it opens what came of it",
            trigger: ".o_data_row:contains('Trần Thị Mơ') button[name='action_open_result']",
            run: "click",
        },
        {
            content: "the customer with the task",
            trigger: ".o_form_view .o-mail-Activity:contains('Gọi')",
        },
    ],
});

registry.category("web_tour.tours").add("care_automation_triggers", {
    steps: () => [
        {
            content: "the trigger is shown in words",
            trigger:
                ".o_field_widget[name='trigger'] input:value('A customer comes into a segment')",
            run: "click",
        },
        {
            content: "ours stand among the others",
            trigger: ".o_select_menu_item:contains('A customer moves to another care stage')",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='care_to_stage_id']",
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
