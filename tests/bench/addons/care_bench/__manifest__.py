{
    "name": "Customer Care Benchmark",
    "summary": "Models to compare with, installed by the benchmark alone",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Customer Care for Odoo maintainers",
    "license": "LGPL-3",
    "depends": ["customer_care"],
    "data": ["security/ir.model.access.csv"],
    "installable": True,
}
