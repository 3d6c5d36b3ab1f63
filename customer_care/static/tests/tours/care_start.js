import { registry } from "@web/core/registry";

/** The step that is open. */
const open = (code) => `.o_care_start_step.o_care_start_open[data-step='${code}']`;

registry.category("web_tour.tours").add("care_start_path", {
    steps: () => [
        {
            content: "the first line, true by count",
            trigger: ".o_care_start_sent",
        },
        {
            content: "1: a Saturday more, and what that does to the days off",
            trigger: `${open("hours")} #o_care_saturday_morning`,
            run: "click",
        },
        {
            trigger: `${open("hours")} .o_care_start_day input:checked`,
        },
        {
            trigger: `${open("hours")} .o_care_start_apply`,
            run: "click",
        },
        {
            content: "2: one role in a sentence, given to a colleague",
            trigger: `${open("people")} li:contains('care_reader') select`,
            run: "select group_agent_own",
        },
        {
            trigger: `${open("people")} li:contains('care_reader') .o_care_start_sentence:not(:empty)`,
        },
        {
            trigger: `${open("people")} .o_care_start_apply:enabled`,
            run: "click",
        },
        {
            content: "3: purchases are found",
            trigger: `${open("sources")} li[data-source='imported']:contains('2')`,
        },
        {
            trigger: `${open("sources")} .o_care_start_import`,
        },
        {
            trigger: `${open("sources")} .o_care_start_apply:enabled`,
            run: "click",
        },
        {
            content: "4: fewer days until a customer is dormant: counted, nobody moves",
            trigger: `${open("stages")} .o_care_start_counts[aria-busy=false]`,
        },
        {
            trigger: `${open("stages")} input.o_care_start_number[min='30']`,
            run: "edit 90 && press Tab",
        },
        {
            trigger: `${open("stages")} .o_care_start_counts[aria-busy=false]`,
        },
        {
            trigger: `${open("stages")} .o_care_start_apply:enabled`,
            run: "click",
        },
        {
            content: "done: the board",
            trigger: ".o_care_start_finished .btn-primary",
            run: "click",
        },
        {
            trigger: ".o_care_board",
        },
    ],
});
