from odoo import fields, models
from odoo.exceptions import AccessError

from .care_rule_task import able_users


class ResPartner(models.Model):
    _inherit = "res.partner"

    care_rule_run_ids = fields.One2many(
        comodel_name="care.rule.run",
        inverse_name="partner_id",
        string="Automatic Rules",
        groups="customer_care.group_lead",
    )

    def _care_check_agent(self):
        """Raise an AccessError unless the caller is an agent who sees the contacts."""
        if not self.env.user.has_group("customer_care.group_agent_own"):
            raise AccessError(
                self.env._("Only people of customer care give tasks about customers.")
            )
        self.check_access("read")

    def _care_give_tasks(self, summary, due):
        """Give a task about each of these customers, as the one who asks.

        To the person in charge, else to the one who asks. Whoever calls it has checked
        what that person may do.

        :param str summary: what is to be done
        :param due: date until which
        :return: the tasks, as ``mail.activity``
        """
        able = able_users(self.care_manager_id, self.env.company)
        self.mapped("display_name")  # of all at once: each task is named after one
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        kind = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        return activities.create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                    "res_id": customer.id,
                    "activity_type_id": kind.id if kind else False,
                    "summary": summary,
                    "user_id": (customer.care_manager_id & able).id or self.env.uid,
                    "date_deadline": due,
                }
                for customer in self
            ]
        )
