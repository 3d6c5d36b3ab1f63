from odoo import api, models


class CareTouchMixin(models.AbstractModel):
    """Records that say something about a customer: touching them touches him."""

    _name = "care.touch.mixin"
    _description = "Says Something About a Customer"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env["care.touch"]._touch(records._care_touched())
        return records

    def write(self, vals):
        if not self._care_matters(vals):
            return super().write(vals)
        before = self._care_touched()
        result = super().write(vals)
        self.env["care.touch"]._touch(before | self._care_touched())
        return result

    def unlink(self):
        touched = self._care_touched()
        result = super().unlink()
        self.env["care.touch"]._touch(touched.exists())
        return result

    @api.model
    def _care_matters(self, vals):
        """Tell whether writing these values may change what is known of a customer."""
        return bool(self._care_touch_fields() & vals.keys())

    @api.model
    def _care_touch_fields(self):
        """Return the names of the fields that say something about a customer."""
        return {"partner_id", "active", "company_id"}

    def _care_touched(self):
        """Return the contacts that these records are about, as the system sees them."""
        return self.sudo().partner_id
