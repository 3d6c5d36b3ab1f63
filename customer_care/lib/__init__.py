"""Plain Python of Customer Care: no ``env``, importable without Odoo, used in batches."""
