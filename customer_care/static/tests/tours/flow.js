import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_thanks_path", {
    steps: () => [
        {
            content: "the ticket stayed solved, and says why",
            trigger: ".o_care_thanks:contains('Read as thanks, so it stayed solved')",
        },
        {
            content: "the agent knows better",
            trigger: "button[name='action_reopen_thanks']",
            run: "click",
        },
        {
            content: "it is work again, and the customer has been waiting",
            trigger: ".o_care_only_thanks button[name='action_only_thanks']",
        },
        {
            content: "or was it thanks after all",
            trigger: "button[name='action_only_thanks']",
            run: "click",
        },
        {
            trigger: ".o_care_thanks:contains('Read as thanks')",
        },
        {
            content: "the history tells it",
            trigger: "a[name='history']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('it was only thanks')",
        },
    ],
});

registry.category("web_tour.tours").add("care_effort_path", {
    steps: () => [
        {
            content: "work begins",
            trigger: ".o_care_effort_start",
            run: "click",
        },
        {
            content: "less than a second would leave nothing",
            trigger: ".o_care_effort_running:not(:contains('0:00:00')):not(:contains('0:00:01'))",
        },
        {
            content: "a break",
            trigger: ".o_care_effort_pause",
            run: "click",
        },
        {
            content: "and on",
            trigger: ".o_care_effort_start:contains('Go on')",
            run: "click",
        },
        {
            trigger: ".o_care_effort_stop",
            run: "click",
        },
        {
            trigger: ".o_care_effort_note",
            run: "edit Gọi cho khách",
        },
        {
            trigger: ".o_care_effort_log",
            run: "click",
        },
        {
            content: "stopped",
            trigger: ".o_care_effort_start:contains('Start timer')",
        },
        {
            content: "a quarter of an hour more, by hand",
            trigger: ".o_care_effort_quick",
            run: "click",
        },
        {
            trigger: ".o_care_effort_total:contains('0:')",
        },
        {
            content: "it stands on the page of effort",
            trigger: "a[name='effort']",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='effort_ids'] .o_data_row:contains('0:15')",
        },
    ],
});
