from odoo import models


class IrQweb(models.AbstractModel):
    _inherit = "ir.qweb"

    def _prepare_frontend_environment(self, values):
        """Tell browsers and screen readers the language of customers' pages.

        Core's layout says it only where the website addon is installed.
        """
        qweb = super()._prepare_frontend_environment(values)
        if qweb.env.lang and "html_data" not in values:
            values["html_data"] = {"lang": qweb.env.lang.replace("_", "-")}
        return qweb
