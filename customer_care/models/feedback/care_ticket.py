"""Solving a ticket plans a question; the answer stands on the ticket."""

from odoo import api, fields, models

from ...lib.ticket_state import DONE_CATEGORIES, OPEN_CATEGORIES
from .selections import ANSWERABLE

VOID_KINDS = ("spam", "voided")


class CareTicket(models.Model):
    _inherit = "care.ticket"

    feedback_ids = fields.One2many(
        comodel_name="care.feedback",
        inverse_name="ticket_id",
        groups="customer_care.group_agent_own",
    )
    feedback_count = fields.Integer(
        compute="_compute_feedback", groups="customer_care.group_agent_own"
    )
    feedback_text = fields.Char(
        string="Rating",
        compute="_compute_feedback",
        groups="customer_care.group_agent_own",
        help="What the customer answered last.",
    )
    feedback_comment = fields.Text(
        string="In the Customer's Words",
        compute="_compute_feedback",
        groups="customer_care.group_agent_own",
    )
    feedback_status = fields.Char(
        string="Survey",
        compute="_compute_feedback",
        groups="customer_care.group_agent_own",
        help="Where the last question about this ticket stands.",
    )
    is_feedback_low = fields.Boolean(
        compute="_compute_feedback", groups="customer_care.group_agent_own"
    )

    # the way of a question, too: a forgotten customer may leave its words at any time
    @api.depends("feedback_ids.state", "feedback_ids.comment", "feedback_ids.reason")
    @api.depends_context("lang", "uid")
    def _compute_feedback(self):
        rows = self.env["care.feedback"].search([("ticket_id", "in", self.ids)])
        by_ticket = rows.grouped(lambda row: row.ticket_id.id)
        states = dict(rows._fields["state"]._description_selection(self.env))
        for ticket in self:
            own = by_ticket.get(ticket.id, rows.browse())
            answered = own.filtered(lambda row: row.state == "answered")
            last = answered.sorted(lambda row: (row.answered_on, row.id))[-1:]
            newest = own[:1]
            ticket.feedback_count = len(own)
            ticket.feedback_text = last.scale_text
            ticket.feedback_comment = last.comment
            ticket.is_feedback_low = last.is_low
            status = states.get(newest.state, "")
            ticket.feedback_status = (
                f"{status}: {newest.reason_text}"
                if newest.reason_text and newest.state != "answered"
                else status
            ) or False

    # ------------------------------------------------------------------ my work

    @api.model
    def get_my_work(self):
        """Return the work of the user, with the last praise that he got.

        :return: as before, and ``praise``: a dict, or False
        """
        praise = self.env["care.feedback"]._get_my_praise()
        return {**super().get_my_work(), "praise": praise}

    # ------------------------------------------------------------------ asking

    def _after_events(self, rows):
        """Plan a question about what was solved, take back what is no more."""
        result = super()._after_events(rows)
        solved, reopened, void = set(), set(), set()
        for row in rows:
            if row["kind"] in VOID_KINDS:
                void.add(row["ticket_id"])
            elif row["kind"] != "stage_changed":
                continue
            elif row["stage_category"] in DONE_CATEGORIES:
                solved.add(row["ticket_id"])
            elif row["stage_category"] in OPEN_CATEGORIES:
                reopened.add(row["ticket_id"])
            else:
                void.add(row["ticket_id"])
        self._plan_surveys(solved, reopened, void)
        return result

    def _plan_surveys(self, solved, reopened, void):
        """Do what follows from a change, for ids of tickets of ``self``."""
        feedback = self.env["care.feedback"]
        if solved:
            feedback._ask_about(self.browse(solved - void))
        back = self.browse(reopened).filtered("reopen_count")
        if back:
            feedback._stop_asking(back, ["waiting"], "reopened")
        if void:
            feedback._stop_asking(self.browse(void), list(ANSWERABLE), "void")

    # ------------------------------------------------------------------ conversation

    def _get_open_survey(self):
        """Return the question that the customer may answer on his conversation.

        With superuser rights, none unless the ticket is solved and a question is open.
        """
        self.ensure_one()
        ticket = self.sudo()
        rows = self.env["care.feedback"].sudo()
        if ticket.stage_category not in DONE_CATEGORIES or ticket.void_reason:
            return rows
        row = rows.search([("ticket_id", "=", ticket.id)], limit=1)
        return row if row and row._get_page_state() == "form" else rows

    def action_view_feedback(self):
        """Open what the customer was asked and answered about this ticket."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_care.care_feedback_action"
        )
        action["domain"] = [("ticket_id", "=", self.id)]
        action["context"] = {}
        if self.feedback_count == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.feedback_ids.id
        return action
