import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_agent_morning", {
    steps: () => [
        {
            content: "what is late stands first",
            trigger:
                ".o_care_work_group[data-group=late] .o_care_row:contains(Bếp từ báo lỗi):contains(late by)",
        },
        {
            content: "then what ends within two hours",
            trigger:
                ".o_care_work_group[data-group=late] + .o_care_work_group[data-group=soon] .o_care_row:contains(Xin lịch lắp):contains(left)",
        },
        {
            content: "start with what comes first",
            trigger: ".o_care_next",
            run: "click",
        },
        {
            content: "the ticket says what was promised",
            trigger: ".o_care_due_late:contains(First Reply)",
        },
        {
            content: "answer with a script",
            trigger: ".o-mail-Chatter-sendMessage",
            run: "click",
        },
        {
            trigger: ".o_care_script:contains(Xin lỗi vì chậm)",
            run: "click",
        },
        {
            content: "the words for this customer are in the reply",
            trigger: ".o-mail-Composer-input:value(em xin lỗi vì chậm trễ)",
        },
        {
            trigger: ".o-mail-Composer-send:enabled",
            run: "click",
        },
        {
            trigger: ".o-mail-Message:contains(em xin lỗi vì chậm trễ)",
        },
        {
            content: "now the solution is due, in time",
            trigger: ".o_care_due:contains(Resolution):contains(left)",
        },
        {
            content: "the promises of the ticket",
            trigger: ".o_notebook a[name=promises]",
            run: "click",
        },
        {
            content: "the first reply was late, which stays so",
            trigger: ".o_data_row:contains(First Reply):contains(Broken)",
        },
        {
            content: "it is done",
            trigger: "button[name='action_solve']",
            run: "click",
        },
        {
            content: "the solution was in time",
            trigger: ".o_data_row:contains(Resolution):contains(Kept)",
        },
    ],
});
