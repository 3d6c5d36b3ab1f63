from odoo import api, models


class CareSetupCache(models.AbstractModel):
    """Set-up records that new tickets read from the registry's cache."""

    _name = "care.setup.cache"
    _description = "Cached Set-up of Tickets"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
