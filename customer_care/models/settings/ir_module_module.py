from odoo import api, models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        """Translate the shipped segments of every company with those of the main one.

        Only records of a data file find their words in a translation file.
        """
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if "customer_care" in modules:
            self.env["res.company"]._care_translate_segments()
        return result
