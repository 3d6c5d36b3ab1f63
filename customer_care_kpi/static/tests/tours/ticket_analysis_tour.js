import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_ticket_analysis", {
    url: "/odoo/care-tickets",
    steps: () => [
        {
            content: "open the reports",
            trigger: "[data-menu-xmlid='customer_care_kpi.menu_reporting']",
            run: "click",
        },
        {
            content: "analyse tickets",
            trigger: "[data-menu-xmlid='customer_care_kpi.menu_ticket_analysis']",
            run: "click",
        },
        {
            content: "the mean of the team, of the ticket that was answered",
            trigger: ".o_pivot tr:contains('Support'):contains('1h 30m')",
        },
        {
            content: "take the favourite by person",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            trigger: ".o_favorite_menu .dropdown-item:contains('Resolution and reopening')",
            run: "click",
        },
        {
            trigger: ".o_pivot tr:contains('care_team'):contains('2h 00m')",
        },
        {
            content: "see the tickets behind the figure",
            trigger: ".o_pivot tr:contains('care_team') td.o_pivot_cell_value:contains('2h 00m')",
            run: "click",
        },
        {
            content: "open one",
            trigger: ".o_data_row td[name='ticket_id']:contains('Máy giặt')",
            run: "click",
        },
        {
            trigger: ".o_form_view [name='name']",
        },
    ],
});
