from odoo import api, models

#: Texts of a lead that are no words about the person.
KEPT_TEXTS = frozenset({"name", "lead_properties"})


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _care_forget_partners(self, partners):
        """Take names, addresses and notes off the leads; stage, value and dates stay."""
        leads = partners._care_records(self._name)
        texts = {
            name: False
            for name, field in self._fields.items()
            if field.type in ("char", "text", "html")
            and field.store
            and not field.related
            and not field.required
            and name not in KEPT_TEXTS
        }
        for lead in leads.with_context(**self.env.context):
            name = lead.env._("Lead %(ref)s", ref=lead.id)
            lead.write({**texts, "name": name})

    @api.model
    def _care_export_partners(self, partners):
        """Return the leads of these people."""
        return [
            {
                "record": "lead",
                "name": lead.name or "",
                "contact": lead.contact_name or "",
                "email": lead.email_from or "",
                "phone": lead.phone or "",
                "stage": lead.stage_id.name or "",
                "notes": lead.description or "",
                "created": str(lead.create_date or ""),
            }
            for lead in partners._care_records(self._name).sorted("id")
        ]
