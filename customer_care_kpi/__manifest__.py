{
    "name": "Customer Care KPI",
    "summary": "First response, resolution, replies and hand-offs of every ticket",
    "version": "19.0.0.1.0",
    "category": "Services/Customer Care",
    "author": "Customer Care for Odoo maintainers",
    "license": "LGPL-3",
    "depends": ["customer_care", "spreadsheet_dashboard", "digest"],
    "data": [
        "security/ir.model.access.csv",
        "security/care_ticket_fact_security.xml",
        "views/care_ticket_fact_views.xml",
        "views/customer_care_kpi_menus.xml",
        "data/ir_filters_data.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "customer_care_kpi/static/src/measures/measure_formatters.js",
            "customer_care_kpi/static/src/measures/measure_field.js",
            "customer_care_kpi/static/src/measures/measure_field.xml",
        ],
        "web.assets_backend_lazy": [
            "customer_care_kpi/static/src/measures/measure_graph.js",
            "customer_care_kpi/static/src/measures/measure_pivot.js",
            "customer_care_kpi/static/src/measures/measure_pivot.xml",
        ],
        "web.assets_tests": ["customer_care_kpi/static/tests/tours/*.js"],
        "web.assets_unit_tests": ["customer_care_kpi/static/tests/**/*.test.js"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "installable": True,
}
