from odoo import models
from odoo.http import request

#: Where customers are; errors there are told in their words.
CUSTOMER_PATHS = ("/help", "/my/tickets", "/my/consent", "/care/", "/u/")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        return [*super()._get_translation_frontend_modules_name(), "customer_care"]

    @classmethod
    def _get_error_html(cls, env, code, values):
        path = request.httprequest.path if request else ""
        if path.startswith(CUSTOMER_PATHS) and str(code).startswith("4"):
            template = "customer_care.portal_error"
            return code, env["ir.ui.view"]._render_template(
                template, {**values, "care_text": cls._get_sent_text()}
            )
        return super()._get_error_html(env, code, values)

    @classmethod
    def _get_sent_text(cls):
        """Return the message a refused form carried, so that nobody writes it twice."""
        text = request.params.get("text")
        return text if isinstance(text, str) else ""
