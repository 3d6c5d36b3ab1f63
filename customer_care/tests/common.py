"""One user per role and a tiny world, shared by the tests of the suite."""

from contextlib import contextmanager
from datetime import datetime

from freezegun import freeze_time

from odoo.tests import TransactionCase, new_test_user


class CareCommon(TransactionCase):
    """Two companies, two teams, one user per role, two customers.

    ============== ============================================================
    user_own       agent who sees his own tickets, member of ``team``
    user_team      agent who sees his team's tickets, member of ``team``
    user_lead      leader of ``team``
    user_manager   care manager of the company
    user_admin     administrator of the suite
    user_reader    internal user without any role
    user_other     care manager of ``other_company``
    user_portal    portal user of ``customer``
    ============== ============================================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, mail_notrack=False))
        cls.company = cls.env.company
        cls._settle_world()
        cls.other_company = cls.env["res.company"].create({"name": "Chi nhánh Huế"})
        cls._lift_limits()
        cls._create_users()
        cls._create_customers()
        cls.team = cls.env["care.team"].create(
            {
                "name": "Support",
                "leader_id": cls.user_lead.id,
                "member_ids": [(6, 0, (cls.user_own | cls.user_team).ids)],
                "alias_name": "support-test",
            }
        )
        cls.second_team = cls.env["care.team"].create({"name": "Warranty"})
        cls.other_team = (
            cls.env["care.team"]
            .with_company(cls.other_company)
            .create({"name": "Huế", "company_id": cls.other_company.id})
        )
        cls.stage_new = cls.env.ref("customer_care.stage_new")
        cls.stage_open = cls.env.ref("customer_care.stage_open")
        cls.stage_pending = cls.env.ref("customer_care.stage_pending")
        cls.stage_solved = cls.env.ref("customer_care.stage_solved")
        cls.stage_cancelled = cls.env.ref("customer_care.stage_cancelled")

    @classmethod
    def _settle_world(cls):
        """Undo what demo data and other languages do to people who are not ours.

        Everybody reads English, visitors land in ``company``, and nobody else has the
        phone number of ``customer``.
        """
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.company.partner_id.lang = "en_US"
        cls.env.ref("base.public_user").write(
            {
                "company_ids": [(4, cls.company.id)],
                "company_id": cls.company.id,
                "lang": "en_US",
            }
        )
        namesakes = [("care_phone_digits", "like", "912345678")]
        cls.env["res.partner"].search(namesakes).phone = False

    @classmethod
    def _lift_limits(cls):
        """Let messages go at any hour and in any number, unless a test sets limits."""
        companies = cls.company | cls.other_company
        cls.env["care.limit.line"].search(
            [("company_id", "in", companies.ids)]
        ).unlink()

    @classmethod
    def _create_users(cls):
        def user(login, group, **values):
            return new_test_user(
                cls.env,
                login=login,
                groups=group,
                name=values.pop("name", login),
                email=f"{login}@care.test",
                lang="en_US",
                tz="Asia/Ho_Chi_Minh",
                context={"no_reset_password": True, "mail_create_nosubscribe": True},
                **values,
            )

        cls.user_reader = user("care_reader", "base.group_user")
        cls.user_own = user("care_own", "customer_care.group_agent_own")
        cls.user_team = user("care_team", "customer_care.group_agent_team")
        cls.user_lead = user("care_lead_test", "customer_care.group_lead")
        cls.user_manager = user("care_manager_test", "customer_care.group_manager")
        cls.user_admin = user("care_admin", "customer_care.group_admin")
        cls.user_other = user(
            "care_other",
            "customer_care.group_manager",
            company_id=cls.other_company.id,
            company_ids=[(6, 0, cls.other_company.ids)],
        )
        cls.user_portal = user(
            "care_portal", "base.group_portal", name="Nguyễn Thị Mai"
        )

    @classmethod
    def _create_customers(cls):
        cls.customer = cls.user_portal.partner_id
        cls.customer.phone = "0912 345 678"
        cls.customer_two = cls.env["res.partner"].create(
            {"name": "Trần Văn Hùng", "email": "hung@customer.test"}
        )

    @classmethod
    def _create_ticket(cls, **values):
        """Create a ticket of ``customer`` in ``team``, as the system."""
        return cls.env["care.ticket"].create(
            {
                "name": "Máy giặt không chạy",
                "partner_id": cls.customer.id,
                "team_id": cls.team.id,
                **values,
            }
        )

    @contextmanager
    def _at(self, moment):
        """Freeze every clock, that of the transaction included.

        :param str moment: UTC, ``YYYY-MM-DD HH:MM[:SS]``
        """
        frozen = datetime.fromisoformat(moment)
        before = self.env.cr._now
        with freeze_time(frozen):
            self.env.cr._now = frozen
            try:
                yield frozen
            finally:
                self.env.cr._now = before

    def _post(self, ticket, author, public=True, **values):
        """Post as ``author`` (a user) on ``ticket``: a public message or a note.

        Customers post through the portal's methods, with superuser rights.
        """
        return (
            ticket.with_user(author)
            .sudo(author.share)
            .message_post(
                body=values.pop("body", "Xin chào"),
                message_type=values.pop("message_type", "comment"),
                subtype_xmlid="mail.mt_comment" if public else "mail.mt_note",
                **values,
            )
        )
