{
    "name": "Customer Care Loyalty",
    "summary": "Points and tier of the customer, on contact and ticket",
    "version": "19.0.0.1.0",
    "category": "Services/Customer Care",
    "author": "Customer Care for Odoo maintainers",
    "license": "LGPL-3",
    "depends": ["customer_care", "sale_loyalty"],
    "data": [
        "security/ir.model.access.csv",
        "security/loyalty_tier_security.xml",
        "views/loyalty_tier_views.xml",
        "views/res_partner_views.xml",
        "views/care_ticket_views.xml",
        "views/res_config_settings_views.xml",
        "views/customer_care_loyalty_menus.xml",
    ],
    "demo": ["demo/demo_loyalty.xml"],
    "assets": {
        "web.assets_tests": ["customer_care_loyalty/static/tests/tours/*.js"],
    },
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
