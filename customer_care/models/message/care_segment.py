from odoo import models
from odoo.tools import SQL


class CareSegment(models.Model):
    _inherit = "care.segment"

    def _get_audience(self):
        """Return whom one writes to: the members who are not held out.

        :return: (``res.partner`` without superuser rights, how many are held out)
        """
        self.ensure_one()
        members = self.env["care.segment.member"]
        rows = self.env.execute_query(
            members._select_audience(SQL("segment.id = %s", self.id))
        )
        everybody = members.sudo().search_count(
            [("segment_id", "=", self.id), ("state", "=", "in")]
        )
        partners = self.env["res.partner"].browse([row[0] for row in rows])
        return partners, everybody - len(partners)

    def action_write_message(self):
        """Write to the customers of this segment; who may read it may begin.

        :return: an action
        """
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_message_write_action"
        )
        context = {"default_segment_id": self.id, "default_partner_ids": []}
        return {**action, "context": context}

    def action_compose_mail(self):
        """Open Odoo's own composer on the customers of this segment, held out ones left.

        :return: an action
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write an E-mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_composition_mode": "mass_mail",
                "default_model": "res.partner",
                "default_res_domain": repr([("care_audience_ids", "in", self.ids)]),
                "default_partner_to": "{{ object.id or '' }}",
                "default_subtype_xmlid": "mail.mt_comment",
                "default_reply_to_force_new": True,
                "default_care_purpose": "promotion",
            },
        }
