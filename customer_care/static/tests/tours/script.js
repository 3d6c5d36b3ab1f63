import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_script_path", {
    steps: () => [
        {
            content: "answer the customer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            content: "scripts stand above the reply box",
            trigger: ".o_care_script:contains('Xin lỗi vì chậm')",
        },
        {
            content: "read them first, found without accents",
            trigger: ".o_care_scripts_all",
            run: "click",
        },
        {
            trigger: ".o_care_script_search",
            run: "edit cham tre",
        },
        {
            trigger: ".o_care_script_entry:contains('chị Mai') .btn-primary",
            run: "click",
        },
        {
            content: "the words for this customer are in the reply",
            trigger: ".o-mail-Composer-input:value('Em xin lỗi vì chậm trễ.')",
        },
        {
            content: "change them",
            trigger: ".o-mail-Composer-input",
            run: "edit Chào chị Mai, em xin lỗi vì chậm trễ. Em gọi ngay ạ.",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "and they are sent",
            trigger: ".o-mail-Message:contains('Em gọi ngay ạ')",
        },
    ],
});

registry.category("web_tour.tours").add("care_script_write_path", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        {
            trigger: ".o_field_widget[name='name'] textarea, .o_field_widget[name='name'] input",
            run: "edit Xin ảnh",
        },
        {
            content: "a wording",
            trigger: ".o_field_x2many_list_row_add a, .o_field_x2many_list_row_add button",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='body'] .odoo-editor-editable",
            run: "editor Chào ",
        },
        { trigger: ".modal .o_care_chip[data-name='salutation']", run: "click" },
        {
            trigger:
                ".modal .o_field_widget[name='body'] .odoo-editor-editable:contains('{{salutation}}')",
        },
        { trigger: ".modal .o_form_button_save", run: "click" },
        { trigger: "body:not(:has(.modal)) .o_data_row:contains('{{salutation}}')" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
    ],
});
