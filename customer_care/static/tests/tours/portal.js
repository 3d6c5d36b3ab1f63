import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("care_contact_ask", {
    steps: () => [
        {
            content: "Choose a topic, which asks for the order number",
            trigger: ".o_care_category",
            run: "selectByLabel Giao hàng",
        },
        {
            content: "The hint of the topic shows",
            trigger: ".o_care_hint:contains('Ngày giao')",
        },
        {
            content: "Say what happened",
            trigger: "#care_text",
            run: "edit Máy giặt giao đến bị móp",
        },
        {
            content: "Give the order number",
            trigger: "#care_order[required]",
            run: "edit S00042",
        },
        {
            content: "Give a phone number",
            trigger: "#care_phone",
            run: "edit 0912 345 678",
        },
        {
            content: "Send it",
            trigger: ".o_care_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The number is there, and the way to the conversation",
            trigger: ".o_care_number",
        },
        {
            trigger: ".o_care_open",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The conversation has the message, received",
            trigger: ".o_care_from_customer:contains('bị móp')",
        },
        {
            trigger: ".o_care_step_current:contains('Received')",
        },
    ],
});

const readReplyAndClose = () => [
    {
        content: "The answer is there, and no note",
        trigger: ".o_care_from_us:contains('đổi máy mới')",
    },
    {
        trigger: ".o_care_messages:not(:contains('BÍ MẬT'))",
    },
    {
        content: "An answer is needed",
        trigger: ".o_care_step_current:contains('Your answer needed')",
    },
    {
        trigger: "#care_text",
        run: "edit Vâng, chiều nay được",
    },
    {
        trigger: ".o_care_reply .o_care_send",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "The reply has arrived",
        trigger: ".o_care_from_customer:last:contains('chiều nay được')",
    },
    {
        trigger: ".o_care_step_current:contains('In progress')",
    },
    {
        content: "It is settled",
        trigger: ".o_care_settled",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "Thanks are said",
        trigger: ".alert-success:contains('glad')",
    },
    {
        trigger: ".o_care_reopen",
    },
];

tours.add("care_contact_reply_and_close", { steps: readReplyAndClose });

tours.add("care_portal_ask", {
    steps: () => [
        {
            content: "The card of the home page",
            trigger: ".o_portal_index_card a[href='/my/tickets']:visible",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Nothing there yet",
            trigger: ".o_care_empty",
        },
        {
            trigger: ".o_care_new",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "#care_subject",
            run: "edit Máy giặt bị móp",
        },
        {
            trigger: "#care_text",
            run: "edit Giao đến đã móp góc trái",
        },
        {
            trigger: ".o_care_send",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Thanks and the number",
            trigger: ".alert-success:contains('number #')",
        },
        {
            trigger: ".o_care_from_customer:contains('góc trái')",
        },
    ],
});

tours.add("care_portal_reply_and_close", {
    steps: () => [
        {
            content: "The request waits for an answer",
            trigger: ".o_care_filters a:contains('Your answer needed')",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".o_care_list a:contains('Máy giặt bị móp')",
            run: "click",
            expectUnloadPage: true,
        },
        ...readReplyAndClose(),
    ],
});

tours.add("care_portal_all_right", {
    steps: () => [
        {
            trigger: ".o_care_question .o_care_no",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: ".alert-info:contains('still wrong')",
        },
        {
            trigger: ".o_care_step_current:contains('In progress')",
        },
    ],
});
