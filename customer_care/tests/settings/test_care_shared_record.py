from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import CareCommon

#: Model → values of a record that all companies use.
SHARED = {
    "care.stage": {"name": "Shared", "phase": "loyal"},
    "care.ticket.category": {"name": "Shared"},
    "care.ticket.channel": {"name": "Shared", "code": "x_shared"},
    "care.ticket.stage": {"name": "Shared", "category": "open"},
    "care.ticket.tag": {"name": "Shared"},
}


@tagged("post_install", "-at_install")
class TestCareSharedRecord(CareCommon):
    """Two companies: a manager of one does not change what both of them use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = [cls.env[model].create(values) for model, values in SHARED.items()]

    def _check_all(self, user, allowed):
        for record in self.shared:
            theirs = record.with_user(user)
            with self.subTest(model=record._name, user=user.login):
                self.assertTrue(theirs.has_access("read"))
                self.assertEqual(theirs.has_access("write"), allowed)
                self.assertEqual(theirs.has_access("unlink"), allowed)

    def test_manager_of_one_company_reads_only(self):
        self._check_all(self.user_manager, allowed=False)
        with self.assertRaisesRegex(AccessError, "All companies use “Shared”"):
            self.shared[0].with_user(self.user_manager).name = "Ours"

    def test_manager_of_all_companies_changes(self):
        self.user_manager.company_ids = self.env["res.company"].search([])
        self._check_all(self.user_manager, allowed=True)

    def test_administrator_changes(self):
        self._check_all(self.user_admin, allowed=True)

    def test_one_company_is_all_companies(self):
        """Where the others are archived, the manager of the last one sets up all."""
        others = self.env["res.company"].search([("id", "!=", self.company.id)])
        everybody = self.env["res.users"].search([("company_id", "in", others.ids)])
        everybody.active = False
        others.active = False
        self._check_all(self.user_manager, allowed=True)

    def test_new_records_start_as_the_companys_own(self):
        for record in self.shared:
            if "company_id" not in record._fields:
                continue
            with self.subTest(model=record._name):
                model = record.with_user(self.user_manager).browse()
                own = model.create({**SHARED[record._name], "name": "Own"})
                self.assertEqual(own.company_id, self.company)
                own.name = "Still own"
                with self.assertRaises(AccessError):
                    own.company_id = False
                with self.assertRaises(AccessError):
                    model.create(
                        {**SHARED[record._name], "name": "All", "company_id": False}
                    )
        channels = self.env["care.ticket.channel"].with_user(self.user_manager)
        with self.assertRaises(AccessError):
            channels.create({"name": "Telegram", "code": "x_telegram"})

    def test_shared_by_default_where_one_may(self):
        self.user_manager.company_ids = self.env["res.company"].search([])
        tags = self.env["care.ticket.tag"].with_user(self.user_manager)
        self.assertFalse(tags.create({"name": "Everywhere"}).company_id)

    def test_tag_of_a_lead_while_typing(self):
        """What a lead of one company types into the tags is his company's."""
        tags = self.env["care.ticket.tag"].with_user(self.user_lead)
        tag = tags.browse(tags.name_create("Gấp")[0])
        self.assertEqual(tag.company_id, self.company)

    def test_a_shared_stage_still_takes_tickets(self):
        """Reading is enough to use what is shared."""
        ticket = self._create_ticket(user_id=self.user_own.id)
        tag = self.shared[-1]
        ticket.with_user(self.user_own).write({"tag_ids": [Command.link(tag.id)]})
        self.assertEqual(ticket.tag_ids, tag)
