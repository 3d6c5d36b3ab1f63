"""The set-up panel: what a company still has to decide before it cares for customers."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

STATES = [("done", "Done"), ("skipped", "Skipped")]
#: Messages that are counted one by one; beyond it, "more than" says enough.
SENT_LIMIT = 1000


class CareStart(models.Model):
    """A step of the set-up that a company has done or skipped.

    Steps that are still to do have no record, so that nothing has to be filled when a
    company or a step comes along.
    """

    _name = "care.start"
    _description = "Step of the Set-Up"
    _order = "company_id, id"
    _rec_name = "code"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    code = fields.Char(required=True)
    state = fields.Selection(selection=STATES, required=True)
    on = fields.Datetime(string="When", required=True)
    user_id = fields.Many2one(comodel_name="res.users", ondelete="set null")
    choices = fields.Json(help="What was chosen, to start from when it is done again.")

    _company_code_uniq = models.Constraint(
        "UNIQUE (company_id, code)", "A company does each step once."
    )

    # -------------------------------------------------------------------- steps
    @api.model
    def _steps(self):
        """Return the steps in their order: a hook, further features add theirs.

        A step is a dict of ``code``, ``name`` and ``text``; how it is done is an OWL
        component that JavaScript registers under the same code, in the category
        ``customer_care.start_steps``. A method ``_say_<code>(company)`` returns what is
        known of it so far, in one sentence.
        """
        return [
            {
                "code": "hours",
                "name": self.env._("Hours and holidays"),
                "text": self.env._(
                    "When you are there for customers, and when you are not."
                ),
            },
            {
                "code": "people",
                "name": self.env._("People and roles"),
                "text": self.env._("Who takes part, and what each of them may do."),
            },
            {
                "code": "sources",
                "name": self.env._("Where customers buy"),
                "text": self.env._(
                    "Orders, receipts and invoices that are here already, or a file."
                ),
            },
            {
                "code": "stages",
                "name": self.env._("Care stages"),
                "text": self.env._(
                    "How many customers are new, loyal, dormant or gone: look first, "
                    "then apply."
                ),
            },
        ]

    @api.model
    def _is_done(self, company):
        """Whether the company has done or skipped every step."""
        return self._codes() <= set(self._records(company).mapped("code"))

    @api.model
    def _codes(self):
        return {step["code"] for step in self._steps()}

    @api.model
    def _records(self, company):
        return self.sudo().search([("company_id", "=", company.id)])

    @api.model
    def _check_manager(self):
        """Raise an AccessError unless the user sets up customer care."""
        if not self.env.user.has_group("customer_care.group_manager"):
            raise AccessError(self.env._("Care managers set up customer care."))

    # ------------------------------------------------------------------ reading
    @api.model
    def get_panel(self):
        """Return the set-up of the current company, step by step.

        :return: dict with ``company``, ``sent`` (what was sent to customers so far, in
            words, and whether that is nothing), ``steps`` (code, name, text, state,
            summary, choices), ``done`` and ``total``
        :raises AccessError: the user is no care manager
        """
        self._check_manager()
        company = self.env.company
        records = {record.code: record for record in self._records(company)}
        steps = []
        for step in self._steps():
            record = records.get(step["code"])
            say = getattr(self, f"_say_{step['code']}", None)
            steps.append(
                {
                    **step,
                    "state": record.state if record else "todo",
                    "choices": record.choices if record else False,
                    "summary": say(company) if say else "",
                }
            )
        return {
            "company": company.name,
            "sent": self._say_sent(company),
            "steps": steps,
            "done": sum(step["state"] != "todo" for step in steps),
            "total": len(steps),
        }

    @api.model
    def _say_sent(self, company):
        """Return what customers were sent so far: the true number, and whether none."""
        count = self._count_sent(company)
        if not count:
            text = self.env._("Nothing has been sent to anybody.")
        elif count > SENT_LIMIT:
            text = self.env._(
                "Setting up sends nothing. Customers have had more than %(count)s "
                "messages from you so far.",
                count=SENT_LIMIT,
            )
        else:
            text = self.env._(
                "Setting up sends nothing. Customers have had %(count)s messages from "
                "you so far.",
                count=count,
            )
        return {"text": text, "is_nothing": not count}

    @api.model
    def _count_sent(self, company):
        """Return how many messages of this app went to customers; a hook.

        E-mails and SMS of tickets, and what the contact log says was sent by a rule or
        a message. Counting stops beyond ``SENT_LIMIT``.
        """
        told = Domain("notification_type", "in", ("email", "sms"))
        ours = Domain("mail_message_id.model", "=", "care.ticket") & Domain(
            "mail_message_id.record_company_id", "=", company.id
        )
        notes = self.env["mail.notification"].sudo()
        count = notes.search_count(
            told & ours & Domain("res_partner_id.partner_share", "=", True),
            limit=SENT_LIMIT + 1,
        )
        if "care.contact.log" in self.env and count <= SENT_LIMIT:
            count += (
                self.env["care.contact.log"]
                .sudo()
                .search_count(
                    [
                        ("company_id", "=", company.id),
                        ("direction", "=", "out"),
                        ("state", "=", "done"),
                        ("is_by_hand", "=", False),
                    ],
                    limit=SENT_LIMIT + 1,
                )
            )
        return count

    # ------------------------------------------------------------------ writing
    @api.model
    def action_set_state(self, code, state):
        """Say that a step is done, skipped, or to do again.

        :param str code: of :meth:`_steps`
        :param str state: ``done``, ``skipped`` or ``todo``
        :return: the panel, as :meth:`get_panel`
        :raises AccessError: the user is no care manager
        :raises UserError: there is no such step or state
        """
        self._check_manager()
        if code not in self._codes() or state not in ("done", "skipped", "todo"):
            raise UserError(
                self.env._(
                    "There is no step “%(step)s” that could become “%(state)s”. Reload "
                    "the page and try again.",
                    step=code,
                    state=state,
                )
            )
        self._note(code, state)
        return self.get_panel()

    @api.model
    def _note(self, code, state, choices=None):
        """Write down the state of a step of the current company, as the system."""
        record = self._records(self.env.company).filtered(
            lambda record: record.code == code
        )
        if state == "todo":
            record.unlink()
            return
        values = {"state": state, "on": fields.Datetime.now(), "user_id": self.env.uid}
        if choices is not None:
            values["choices"] = choices
        if record:
            record.write(values)
        else:
            record.create({**values, "company_id": self.env.company.id, "code": code})
