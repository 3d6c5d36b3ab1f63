import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_message_path", {
    steps: () => [
        {
            content: "texts come with the app",
            trigger: ".o_data_row:contains('A Few Days after Delivery')",
        },
        { trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_field_widget[name='name'] input",
            run: "edit Hỏi thăm",
        },
        {
            content: "a subject, and a chip where the cursor stands",
            trigger: ".o_field_widget[name='subject'] input",
            run: "edit Thưa:",
        },
        { trigger: ".o_care_chip[data-name='salutation']", run: "click" },
        {
            trigger: ".o_field_widget[name='subject'] input:value(Thưa:{{salutation}})",
        },
        {
            content: "the letter, and a chip in it",
            trigger: ".o_field_widget[name='body_html'] .odoo-editor-editable",
            run: "editor Chào",
        },
        { trigger: ".o_care_chip[data-name='Salutation']", run: "click" },
        {
            trigger:
                ".o_field_widget[name='body_html'] .odoo-editor-editable:contains('{{Salutation}}')",
        },
        { trigger: ".nav-link[name='sms']", run: "click" },
        {
            trigger: ".o_field_widget[name='sms_text'] textarea",
            run: "edit Chào {{salutation}}",
        },
        {
            content: "the length while one writes",
            trigger: ".o_care_sms_size:contains('1 SMS of up to')",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: ".nav-link[name='preview']", run: "click" },
        {
            trigger: ".o_field_widget[name='preview_subject']:contains('Thưa:Anna')",
        },
    ],
});

registry.category("web_tour.tours").add("care_message_send_path", {
    steps: () => [
        {
            content: "write to this segment",
            trigger: "button[name='action_write_message']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='message_id'] input",
            run: "edit Sau giao",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Sau giao hàng')",
            run: "click",
        },
        {
            trigger: ".modal button[name='action_check']",
            run: "click",
        },
        {
            content: "who gets it, and who does not",
            trigger: ".modal .o_field_widget[name='go_count']:contains('2')",
        },
        {
            trigger: ".modal .o_field_widget[name='reasons_html']:contains('no address')",
        },
        {
            trigger: ".modal .o_field_widget[name='samples_html']:contains('chị Mai')",
        },
        {
            trigger: ".modal button[name='action_send']:visible",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('Sent: 2')",
        },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("care_refuse_path", {
    steps: () => [
        {
            content: "a phone: nothing sticks out",
            trigger: ".o_care_refuse",
            run: () => {
                if (document.documentElement.scrollWidth > window.innerWidth) {
                    throw new Error("The page is wider than the phone");
                }
            },
        },
        {
            content: "no more offers",
            trigger: ".o_care_refuse",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_care_refused",
        },
        {
            content: "and everything else",
            trigger: "a:contains('Choose for all ways')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_care_choices input[name='promotion_email']:not(:checked)",
        },
        {
            trigger: ".o_care_choices input[name='care_sms']",
            run: "click",
        },
        {
            trigger: ".o_care_save",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_care_saved",
        },
        {
            trigger: ".o_care_choice_history:contains('By text message (SMS): no')",
        },
    ],
});

registry.category("web_tour.tours").add("care_counter_path", {
    steps: () => [
        {
            content: "Say who you are",
            trigger: "#care_name",
            run: "edit Đỗ Lan",
        },
        {
            trigger: "#care_phone",
            run: "edit 0887 111 222",
        },
        {
            content: "One way, none was chosen before",
            trigger: "#promotion_zalo:not(:checked)",
            run: "click",
        },
        { trigger: "#promotion_zalo:checked" },
        {
            trigger: ".o_care_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thank you",
            trigger: ".o_care_counter_done",
        },
    ],
});

registry.category("web_tour.tours").add("care_counter_sheet_path", {
    steps: () => [
        {
            content: "Codes that hang somewhere stop to work: it asks first",
            trigger: ".o_care_counter_renew",
            run: "click",
        },
        {
            content: "And takes it back",
            trigger: ".modal:contains('stops to work') .modal-footer .btn-secondary",
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .o_care_counter_renew", run: "click" },
        {
            trigger: ".modal:contains('stops to work') .modal-footer .btn-primary",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "body:not(:has(.modal)) .o_care_counter_sheet img" },
    ],
});
