"""Everything that is known of a customer, in one file that he can be given."""

import json
import zipfile
from tempfile import SpooledTemporaryFile

from odoo import api, models

#: Kept in memory up to this size, on disk beyond it.
SPOOL_BYTES = 20 * 2**20
#: Fields of a contact that are of no interest outside this program.
LEFT_OUT = frozenset({"signup_type", "care_phone_digits", "display_name"})


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_care_export(self):
        """Give out everything that is known of this customer, as one ZIP file.

        :raises AccessError: the caller is no care manager of all its companies
        """
        self.ensure_one()
        self._care_check_privacy()
        self._care_family()._care_check_person()
        return {
            "type": "ir.actions.act_url",
            "url": f"/care/export/{self.id}",
            "target": "download",
        }

    def _care_export_bundle(self):
        """Write the bundle of these contacts and those below them.

        One JSON file per model and the files of tickets and messages. Whoever calls it
        has checked who asks.

        :return: an open file, at its beginning
        """
        partners = self._care_family()
        bundle = SpooledTemporaryFile(max_size=SPOOL_BYTES)  # noqa: SIM115
        with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
            for model in self._care_models_with("_care_export_partners"):
                rows = model._care_export_partners(partners)
                if rows:
                    archive.writestr(
                        f"{model._name}.json",
                        json.dumps(rows, ensure_ascii=False, indent=1, default=str),
                    )
            for file in partners._care_export_files():
                name = (file.name or "").replace("/", "_").replace("\\", "_")
                archive.writestr(f"files/{file.id}-{name}", file.raw or b"")
        bundle.seek(0)
        return bundle

    def _care_export_files(self):
        """Return the files on records about these contacts, as the system sees them."""
        files = self.env["ir.attachment"].sudo()
        messages = self.env["mail.message"].sudo()._care_of(self)
        found = messages.attachment_ids
        for model, ids in self._care_threads().items():
            found |= files.search([("res_model", "=", model), ("res_id", "in", ids)])
        return found.filtered(lambda file: file.type == "binary").sorted("id")

    @api.model
    def _care_export_partners(self, partners):
        """Return the contacts themselves: every stored field that holds something."""
        return [
            {
                "record": "contact",
                **{
                    name: partner._care_export_value(name)
                    for name, field in sorted(partner._fields.items())
                    if field.store
                    and field.type not in ("binary", "one2many", "json")
                    and name not in LEFT_OUT
                    and not field.groups == "base.group_system"
                    and partner[name]
                },
            }
            for partner in partners
        ]

    def _care_export_value(self, name):
        """Return a value as a reader understands it."""
        value = self[name]
        if isinstance(value, models.BaseModel):
            return value.mapped("display_name")
        return value if isinstance(value, bool | int | float) else str(value)
