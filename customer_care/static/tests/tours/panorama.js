import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_customer_path", {
    steps: () => [
        {
            content: "who the customer is, in one sentence",
            trigger: ".o_care_customer_sentence:contains('bought once')",
        },
        {
            content: "what next, with the reason",
            trigger: "[data-suggestion='complaint']:contains('Máy giặt không chạy')",
        },
        {
            content: "no markup of a customer is ever run",
            trigger: ".o_care_timeline:contains('<img src=x onerror=console.error(1)>')",
        },
        {
            content: "only tickets",
            trigger: "[data-kind='ticket']",
            run: "click",
        },
        {
            trigger: "[data-kind='ticket'][aria-pressed='true']",
        },
        {
            content: "purchases are not among them",
            trigger: ".o_care_lines:not(:contains('Purchase')):contains('Complaint')",
        },
        {
            content: "everything again",
            trigger: "[data-kind='']",
            run: "click",
        },
        {
            trigger: ".o_care_lines:contains('Purchase')",
        },
        {
            content: "log a call: one click",
            trigger: ".o_care_log",
            run: "click",
        },
        {
            trigger: ".o_care_log_menu textarea",
            run: "edit Hẹn gọi lại sáng thứ hai",
        },
        {
            content: "and another one",
            trigger: ".o_care_log_menu [data-way='called']",
            run: "click",
        },
        {
            content: "it stands on top of the timeline",
            trigger: ".o_care_line:first:contains('We called'):contains('Hẹn gọi lại')",
        },
        {
            content: "the line opens its record",
            trigger: ".o_care_line:contains('Complaint')",
            run: "click",
        },
        {
            content: "the same sentence beside the ticket",
            trigger: ".o_care_panel_sentence:contains('bought once')",
        },
        {
            content: "and back to the customer",
            trigger: ".o_care_open_customer",
            run: "click",
        },
        {
            trigger: ".o_care_customer_sentence:contains('bought once')",
        },
    ],
});
