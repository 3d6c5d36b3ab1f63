import { registry } from "@web/core/registry";

/** Customers on the board are found by name; the search keeps others out of the way. */
const card = ".o_care_customer:contains('Vũ Thị Lan Bảng')";

registry.category("web_tour.tours").add("care_board_path", {
    steps: () => [
        {
            content: "find her among all customers",
            trigger: ".o_care_search",
            run: "edit Lan Bảng",
        },
        {
            content: "nobody looks after her yet: words and icon, not colour alone",
            trigger: `.o_care_column:contains('Existing') ${card}:contains('Nobody in charge') .fa-user-times`,
        },
        {
            content: "move her by the menu, as on a phone",
            trigger: `${card} .o_care_move`,
            run: "click",
        },
        {
            trigger: ".o_care_move_menu .dropdown-item:contains('VIP')",
            run: "click",
        },
        {
            content: "until when?",
            trigger: ".modal .btn[aria-pressed=true]:contains('90')",
        },
        {
            trigger: ".modal .btn:contains('30')",
            run: "click",
        },
        {
            trigger: ".modal #o_care_keep_note",
            run: "edit Bạn của giám đốc",
        },
        {
            trigger: ".modal .o_care_keep_confirm",
            run: "click",
        },
        {
            content: "she is a VIP, with a lock",
            trigger: `.o_care_column:contains('VIP') ${card} .o_care_lock`,
        },
        {
            content: "her history",
            trigger: `${card} .o_care_move`,
            run: "click",
        },
        {
            trigger: ".o_care_move_menu .dropdown-item:contains('History')",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Bạn của giám đốc')",
        },
        {
            trigger: ".o_back_button, .breadcrumb-item a:contains('Care Board')",
            run: "click",
        },
        {
            content: "give her back to the rule",
            trigger: `.o_care_column:contains('VIP') ${card} .o_care_move`,
            run: "click",
        },
        {
            trigger: ".o_care_give_back",
            run: "click",
        },
        {
            content: "the rule decides at once",
            trigger: `.o_care_column:contains('Existing') ${card}:not(:has(.o_care_lock))`,
        },
    ],
});
