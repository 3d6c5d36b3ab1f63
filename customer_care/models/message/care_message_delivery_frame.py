"""What advertising carries that was written in Odoo's own composer."""

from markupsafe import Markup

from odoo import models


class CareMessageDelivery(models.Model):
    _inherit = "care.message.delivery"

    def _care_frame(self, values, message):
        """Put label, line and headers of advertising into the values of a mail.

        :param dict values: of ``mail.mail``; changed
        """
        self.ensure_one()
        values["care_delivery_id"] = self.id
        if message.purpose != "promotion":
            return
        company, partner = self.company_id, self.partner_id
        lang = company._get_care_lang(partner)
        url = self._get_links(self.ticket_id)["refuse_url"]
        label = company._care_get_label()
        values["subject"] = " ".join(filter(None, [label, values.get("subject")]))
        line = Markup(
            '<p style="color: #6c757d; font-size: 13px;">%s <a href="%s">%s</a></p>'
        ) % (
            company._care_get_refusal_line(lang),
            url,
            message.with_context(lang=lang).env._("Stop offers by e-mail"),
        )
        # what our own people read in the chatter carries no link of the customer
        name = "body_html" if "body_html" in values else "body"
        values[name] = Markup(values.get(name) or "") + line
        values["headers"] = repr(self._get_refusal_headers(url))
