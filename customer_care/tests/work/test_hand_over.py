from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import CareCommon


@tagged("post_install", "-at_install")
class TestHandOver(CareCommon):
    """Tickets that are somebody else's from the moment they are saved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mate = new_test_user(
            cls.env,
            login="care_mate",
            groups="customer_care.group_agent_own",
            email="care_mate@care.test",
        )
        cls.team.member_ids |= cls.mate
        cls.call = {"name": "Tủ lạnh kêu to", "partner_id": cls.customer.id}

    def _save(self, user, ticket=None, **values):
        """Save as the form does; return what the form gets back."""
        tickets = self.env["care.ticket"].with_user(user)
        record = tickets.browse(ticket.id) if ticket else tickets
        return record.web_save(values, {"name": {}, "user_id": {}})

    def _last(self):
        return self.env["care.ticket"].search([], order="id desc", limit=1)

    def test_call_taken_for_a_colleague(self):
        rows = self._save(
            self.user_own, **self.call, team_id=self.team.id, user_id=self.mate.id
        )
        ticket = self._last()
        self.assertEqual(rows, [])
        self.assertEqual(
            (ticket.user_id, ticket.create_uid), (self.mate, self.user_own)
        )
        self.assertEqual(ticket.name, "Tủ lạnh kêu to")
        self.assertEqual(ticket.event_ids.mapped("kind"), ["created"])
        self.assertFalse(ticket.with_user(self.user_own).has_access("read"))
        self.assertTrue(ticket.with_user(self.mate).has_access("read"))

    def test_call_taken_for_another_team(self):
        for user in (self.user_own, self.user_team):
            with self.subTest(user=user.login):
                rows = self._save(user, **self.call, team_id=self.second_team.id)
                ticket = self._last()
                self.assertEqual(rows, [])
                self.assertEqual(ticket.team_id, self.second_team)
                self.assertEqual(ticket.create_uid, user)
                self.assertFalse(ticket.with_user(user).has_access("read"))

    def test_call_left_to_the_own_team_stays_in_view(self):
        rows = self._save(self.user_own, **self.call, team_id=self.team.id)
        self.assertEqual([row["name"] for row in rows], ["Tủ lạnh kêu to"])
        self.assertFalse(rows[0]["user_id"])

    def test_not_for_another_company(self):
        with self.assertRaises(AccessError):
            self._save(
                self.user_own,
                **self.call,
                team_id=self.other_team.id,
                company_id=self.other_company.id,
            )

    def test_own_ticket_given_away(self):
        ticket = self._create_ticket(user_id=self.user_own.id)
        self.assertEqual(self._save(self.user_own, ticket, user_id=self.mate.id), [])
        self.assertEqual(ticket.user_id, self.mate)
        with self.assertRaises(AccessError):
            self._save(self.user_own, ticket, user_id=self.user_own.id)

    def test_transfer_to_another_team(self):
        ticket = self._create_ticket()
        rows = self._save(self.user_lead, ticket, team_id=self.second_team.id)
        self.assertEqual((rows, ticket.team_id), ([], self.second_team))

    def test_next_record_is_read_under_its_own_rights(self):
        """The pager saves one ticket and shows the next, never a foreign one."""
        mine = self._create_ticket(user_id=self.user_own.id)
        after = self._create_ticket(user_id=self.user_own.id, name="Next")
        foreign = self._create_ticket(user_id=self.mate.id)
        record = mine.with_user(self.user_own)
        rows = record.web_save(
            {"user_id": self.mate.id}, {"name": {}}, next_id=after.id
        )
        self.assertEqual(rows, [{"id": after.id, "name": "Next"}])
        record = after.with_user(self.user_own)
        self.assertEqual(
            record.web_save({"name": "Seen"}, {"name": {}}, next_id=foreign.id), []
        )

    def test_archived_ticket_is_gone_for_its_customer(self):
        ticket = self._create_ticket()
        theirs = ticket.with_user(self.user_portal)
        self.assertTrue(theirs.has_access("read"))
        ticket.active = False
        self.assertFalse(theirs.has_access("read"))
        self.assertFalse(
            theirs.with_context(active_test=False).search([("id", "=", ticket.id)])
        )

    def test_plain_address(self):
        """The form shows the address alone; the name before it stays for sending."""
        ticket = self._create_ticket(
            partner_id=False, email_from='"Lê Hoa" <Hoa@Khach.example>'
        )
        self.assertEqual(ticket.email_address, "hoa@khach.example")
        ticket.email_address = "hoa@khach.example"
        self.assertEqual(ticket.email_from, '"Lê Hoa" <Hoa@Khach.example>')
        ticket.email_address = "moi@khach.example"
        self.assertEqual(ticket.email_from, "moi@khach.example")
        ticket.email_from = "không phải địa chỉ"
        self.assertEqual(ticket.email_address, "không phải địa chỉ")
