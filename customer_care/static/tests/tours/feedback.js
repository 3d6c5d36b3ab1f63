import { registry } from "@web/core/registry";

// a customer on his phone, from the button in the mail to the thanks
registry.category("web_tour.tours").add("care_feedback_vote", {
    steps: () => [
        {
            content: "the number pressed in the mail is chosen already",
            trigger: ".o_care_score:has(input[value='2']:checked)",
        },
        {
            content: "it says for whom",
            trigger: ".o_care_for_whom:contains('Mai')",
        },
        {
            content: "no, it was better than that",
            trigger: ".o_care_score:has(input[value='4'])",
            run: "click",
        },
        {
            trigger: ".o_care_score:has(input[value='4']:checked)",
        },
        {
            trigger: "#care_comment",
            run: "edit Anh kỹ thuật rất nhiệt tình",
        },
        {
            trigger: ".o_care_send_feedback",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "thanks",
            trigger: ".o_care_answered:contains('We read it.')",
        },
    ],
});

// a team lead follows up a low score
registry.category("web_tour.tours").add("care_feedback_follow_up", {
    steps: () => [
        {
            content: "the words of the customer",
            trigger: ".o_data_row:contains('Chờ quá lâu') button[name='action_open_follow_up']",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='outcome'] label:contains('Explained')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name='note'] textarea",
            run: "edit Đã gọi, chị Mai đồng ý đổi máy",
        },
        {
            trigger: ".modal button[name='action_done']",
            run: "click",
        },
        {
            content: "nothing is left to do",
            trigger: "body:not(:has(.modal)) .o_nocontent_help:contains('No low score')",
        },
    ],
});

// an agent reads what a customer said of him, and puts it away
registry.category("web_tour.tours").add("care_feedback_praise", {
    steps: () => [
        {
            trigger: ".o_care_praise blockquote:contains('Cảm ơn em nhiều')",
        },
        {
            trigger: ".o_care_praise .btn-close",
            run: "click",
        },
        {
            trigger: ".o_care_my_work:not(:has(.o_care_praise))",
        },
    ],
});
