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
    ],
    "post_init_hook": "post_init_hook",
    "installable": True,
}
