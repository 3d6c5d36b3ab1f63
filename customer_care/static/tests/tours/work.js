import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_agent_path", {
    steps: () => [
        {
            content: "the customer is waiting",
            trigger: ".o_care_row:contains('Tủ lạnh không lạnh')",
            run: "click",
        },
        {
            content: "the preview shows what the customer wrote",
            trigger: ".o_care_preview_text:contains('không lạnh')",
        },
        {
            content: "start with what comes first",
            trigger: ".o_care_next",
            run: "click",
        },
        {
            content: "write to the customer",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: ".o-mail-Composer-input",
            run: "edit Dạ em sẽ cử thợ qua chiều nay.",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            content: "the answer stands in the conversation",
            trigger: ".o-mail-Message:contains('cử thợ')",
        },
        {
            content: "it is done",
            trigger: "button[name='action_solve']",
            run: "click",
        },
        {
            trigger: "button[name='action_reopen']",
        },
    ],
});

registry.category("web_tour.tours").add("care_lead_path", {
    steps: () => [
        {
            content: "somebody has to take it",
            trigger: ".o_care_column_free .o_care_card:contains('Xin lịch lắp')",
        },
        {
            content: "give it to somebody, without a mouse as well",
            trigger: ".o_care_card:contains('Xin lịch lắp') .o_care_assign",
            run: "click",
        },
        {
            trigger: ".o_care_assign_menu .dropdown-item:contains('care_own')",
            run: "click",
        },
        {
            content: "it belongs to him, and could be taken back",
            trigger: ".o_notification:contains('care_own')",
        },
        {
            trigger:
                ".o_care_column:not(.o_care_column_free) .o_care_card:contains('Xin lịch lắp')",
        },
    ],
});
