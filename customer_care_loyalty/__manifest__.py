{
    "name": "Customer Care Loyalty",
    "summary": "Points and tier of the customer, on contact and ticket",
    "version": "19.0.0.1.0",
    "category": "Services/Customer Care",
    "author": "Customer Care for Odoo maintainers",
    "license": "LGPL-3",
    "depends": ["customer_care", "sale_loyalty"],
    "data": [],
    "installable": True,
}
