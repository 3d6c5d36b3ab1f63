import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("care_loyalty", {
    url: "/odoo/care-tickets",
    steps: () => [
        {
            content: "open the loyalty menu",
            trigger: "[data-menu-xmlid='customer_care_loyalty.menu_loyalty']",
            run: "click",
        },
        {
            content: "set up the tiers",
            trigger: "[data-menu-xmlid='customer_care_loyalty.menu_tiers']",
            run: "click",
        },
        {
            content: "the list of tickets is gone",
            trigger: ".o_breadcrumb:contains('Tiers')",
        },
        {
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name='name'] input",
            run: "edit Platinum",
        },
        {
            trigger: ".o_field_widget[name='threshold'] input",
            run: "edit 3000",
        },
        {
            content: "save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "one member stands in it already",
            trigger: "button[name='action_view_members']:contains('1')",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Platinum'):contains('3,500') td[name='complete_name']",
            run: "click",
        },
        {
            content: "points and tier stand on the contact",
            trigger: ".o_form_view .o_field_widget[name='care_tier_id']:contains('Platinum')",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name='care_points_text']:contains('3,500 points')",
        },
        {
            content: "go to the ticket",
            trigger: "button[name='action_view_care_tickets']",
            run: "click",
        },
        {
            trigger: ".o_data_row td[name='name']",
            run: "click",
        },
        {
            content: "points and tier stand on the ticket, today's and at opening",
            trigger: ".o_form_view .o_field_widget[name='partner_tier_id']:contains('Platinum')",
        },
        {
            trigger: ".o_form_view .o_field_widget[name='tier_id']:contains('Gold')",
        },
    ],
});
