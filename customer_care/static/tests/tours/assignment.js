import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_lead_morning", {
    url: "/odoo/care-team-today",
    steps: () => [
        {
            content: "somebody's work stands in a column",
            trigger: ".o_care_column[aria-label=Lan] .o_care_card",
        },
        {
            content: "open what can be done with it",
            trigger: ".o_care_column[aria-label=Lan] .o_care_person_menu",
            run: "click",
        },
        {
            content: "away today",
            trigger: ".o_care_away",
            run: "click",
        },
        {
            content: "the work is shared out right away",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "it says how many, and can be undone",
            trigger: ".o_notification:contains(3 tickets have somebody else now)",
        },
        {
            content: "the column says why it is empty",
            trigger: ".o_care_column[aria-label=Lan] .o_care_absence:contains(Away today)",
        },
        {
            trigger: ".o_care_column[aria-label=Lan]:not(:has(.o_care_card))",
        },
        {
            content: "undo",
            trigger: ".o_notification button:contains(Undo)",
            run: "click",
        },
        {
            content: "the work is back",
            trigger: ".o_care_column[aria-label=Lan] .o_care_card",
        },
    ],
});
