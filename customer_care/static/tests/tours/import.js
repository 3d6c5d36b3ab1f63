import { registry } from "@web/core/registry";

/** A small list in Vietnamese, as a shop exports it. */
const LIST = [
    "Họ tên;SĐT;Ngày mua;Tổng tiền",
    "Đỗ Thị Sen;0887 000 901;15/03/2025;1.250.000",
    "Đỗ Thị Sen;+84 887 000 901;21/06/2025;300.000",
    "Bùi Văn Lúa;;02/04/2025;480.000",
].join("\n");

function drop() {
    const input = document.querySelector(".o_field_widget[name='file'] input[type='file']");
    const transfer = new DataTransfer();
    transfer.items.add(new File([LIST], "khach-hang.csv", { type: "text/csv" }));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
}

registry.category("web_tour.tours").add("care_import_path", {
    steps: () => [
        {
            content: "a new import",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "drop the file",
            trigger: ".o_field_widget[name='file']",
            run: drop,
        },
        {
            trigger: ".o_field_widget[name='file'] .fa-trash",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "the columns as they were guessed, with samples as they are understood",
            trigger: ".o_field_widget[name='column_ids'] .o_data_row:contains('Ngày mua')",
        },
        {
            trigger: ".o_field_widget[name='column_ids'] td[name='samples']:contains('2025')",
        },
        {
            content: "take it in",
            trigger: "button[name='action_start']",
            run: "click",
        },
        {
            content: "the report says what was left out, and why",
            trigger: ".o_field_widget[name='summary'] td:contains('4')",
        },
        {
            trigger: "button[name='action_view_left_out']",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_group_header",
            run: "click",
        },
        {
            content: "the line without a phone and without an e-mail",
            trigger: ".o_data_row:contains('Bùi Văn Lúa')",
        },
    ],
});
