"""Plain Python of the figures: no ``env``, importable without Odoo, used in batches."""
