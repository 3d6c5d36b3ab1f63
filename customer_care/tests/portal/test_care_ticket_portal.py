"""What a customer reaches with his own login and any tool, past all our pages."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PNG, PortalCommon


@tagged("post_install", "-at_install")
class TestCustomerRights(PortalCommon):
    def setUp(self):
        super().setUp()
        self.ticket = self._create_told_ticket()
        self.as_customer = self.ticket.with_user(self.user_portal)

    # ------------------------------------------------------------ fields

    def test_a_customer_reads_what_concerns_him(self):
        values = self.as_customer.read(["number", "name", "phone", "stage_category"])
        self.assertEqual(values[0]["number"], self.ticket.number)

    def test_every_other_field_is_closed_whoever_added_it(self):
        """By reading, searching, sorting and grouping."""
        for name in (
            "description",
            "user_id",
            "team_id",
            "priority",
            "void_reason",
            "ticket_properties",
            "message_ids",
            "message_follower_ids",
            "access_token",
            "link_version",
            "activity_ids",
            "website_message_ids",
        ):
            with self.subTest(name):
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    self.as_customer.read([name])
        for attempt in (
            lambda: self.as_customer.search([("priority", "=", "urgent")]),
            lambda: self.as_customer.search([("team_id.name", "ilike", "s")]),
            lambda: self.as_customer.search([], order="priority"),
            lambda: self.as_customer.formatted_read_group([], ["user_id"], ["__count"]),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(set(self.as_customer.fields_get()) & {"priority", "team_id"})

    def test_the_staff_reads_on(self):
        self.assertTrue(self.ticket.with_user(self.user_team).read(["priority"]))

    # ------------------------------------------------------------ messages

    def test_no_message_is_posted_past_the_pages(self):
        for values in (
            {
                "body": "x",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
            },
            {"body": "x", "subtype_xmlid": "mail.mt_note"},
            {"body": "x", "message_type": "auto_comment"},
            {"body": "x", "attachments": [("a.html", b"<script>")]},
            {"body": "x", "partner_ids": self.customer_two.ids},
        ):
            before = self._count_written()
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.as_customer.message_post(**values)
            self.env.invalidate_all()
            self.assertEqual(self._count_written(), before, values)

    def test_no_message_is_put_into_the_conversation_by_hand(self):
        """Not even by a follower, or as an answer to a message he was sent."""
        self.ticket.message_subscribe(self.customer.ids)
        self.answer.partner_ids = self.customer
        messages = self.env["mail.message"].with_user(self.user_portal)
        comment = self.env.ref("mail.mt_comment")
        for values in (
            {"message_type": "comment", "subtype_id": comment.id},
            {"message_type": "comment", "parent_id": self.answer.id},
            {"message_type": "email", "author_id": self.user_team.partner_id.id},
            {"message_type": "notification"},
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                messages.create(
                    {
                        "model": "care.ticket",
                        "res_id": self.ticket.id,
                        "body": "Đã hoàn tiền",
                        **values,
                    }
                )

    def test_no_message_is_changed_or_deleted_afterwards(self):
        mine = self._post(self.ticket, self.user_portal)
        mine = mine.with_user(self.user_portal)
        self.assertTrue(mine.read(["body"]))
        for attempt in (
            lambda: mine.write({"body": "khác"}),
            lambda: mine.write({"is_internal": True}),
            mine.unlink,
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_notes_are_closed_whatever_their_type_and_whoever_is_named(self):
        hidden = self.note
        for message_type in ("email", "notification", "auto_comment"):
            hidden |= self._say(
                self.ticket,
                "BÍ MẬT",
                self.customer,
                message_type=message_type,
                subtype_xmlid="mail.mt_note",
            )
        hidden |= self.ticket._message_log(body="BÍ MẬT")
        hidden.write({"partner_ids": [(4, self.customer.id)]})
        as_customer = self.env["mail.message"].with_user(self.user_portal)
        for message in hidden:
            with self.subTest(message.message_type), self.assertRaises(AccessError):
                message.with_user(self.user_portal).read(["body"])
        found = as_customer.search([("res_id", "=", self.ticket.id)])
        self.assertFalse(found.sudo() & hidden)
        self.assertIn(self.answer, found.sudo())

    def test_the_pages_show_public_messages_in_their_order(self):
        entries = self.ticket._prepare_conversation()["messages"]
        self.assertEqual(
            [(entry["is_customer"], entry["author"]) for entry in entries],
            [(True, self.customer.name), (False, self.user_team.name)],
        )
        self.assertEqual([f["name"] for f in entries[1]["files"]], ["huong-dan.png"])
        self.assertNotIn("BÍ MẬT", str(entries))

    def test_stage_messages_and_acknowledgements_show_log_lines_do_not(self):
        robot = self.env.ref("base.partner_root")
        self._say(self.ticket, "Đã nhận", robot, message_type="auto_comment")
        self._say(self.ticket, "", robot)
        self.ticket.stage_id = self.stage_pending
        self.flush_tracking()
        entries = self.ticket._prepare_conversation()["messages"]
        self.assertEqual(len(entries), 3)
        self.assertEqual(entries[2]["author"], self.company.name)
        self.assertFalse(entries[2]["is_customer"])

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()

    # ------------------------------------------------------------ files

    def test_files_of_notes_are_closed_and_so_are_loose_files(self):
        loose = self.env["ir.attachment"].create(
            {
                "name": "hop-dong.txt",
                "raw": b"BI MAT",
                "res_model": "care.ticket",
                "res_id": self.ticket.id,
            }
        )
        # an addon that opens files to portal users, as some of core's do
        self.env["ir.model.access"].create(
            {
                "name": "files for portal users",
                "model_id": self.env["ir.model"]._get_id("ir.attachment"),
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        public = self.answer.attachment_ids
        files = self.env["ir.attachment"].with_user(self.user_portal)
        for file in loose | self.note.attachment_ids:
            self.assertFalse(file.with_user(self.user_portal).has_access("read"))
            with self.subTest(file.name), self.assertRaises(AccessError):
                file.with_user(self.user_portal).read(["name"])
            self.assertFalse(files.search([("id", "=", file.id)]))
        self.assertEqual(public.with_user(self.user_portal).raw, PNG)
        for domain in (
            [("res_model", "=", "care.ticket")],
            [("res_model", "=", "care.ticket"), ("res_id", "=", self.ticket.id)],
            [("name", "in", ["hop-dong.txt", "noi-bo.txt", "huong-dan.png"])],
        ):
            self.assertEqual(files.search(domain).sudo(), public)
        self.assertFalse(files.search_read([("name", "=", "noi-bo.txt")], ["name"]))
        for attempt in (
            lambda: public.with_user(self.user_portal).write({"name": "x"}),
            public.with_user(self.user_portal).unlink,
            lambda: files.create(
                {"name": "x", "res_model": "care.ticket", "res_id": self.ticket.id}
            ),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_the_staff_opens_every_file(self):
        file = self.note.attachment_ids.with_user(self.user_team)
        self.assertEqual(file.raw, b"BI MAT")
        self.assertEqual(file.search([("id", "=", file.id)]), file)

    def test_only_files_of_public_messages_are_found_by_the_pages(self):
        find = self.ticket._find_public_attachment
        self.assertEqual(find(str(self.answer.attachment_ids.id)).raw, PNG)
        note = self.note
        other = self._create_told_ticket(partner_id=self.customer_two.id)
        for ref in (
            other._get_public_attachments().id,
            self.note.attachment_ids.id,
            note.attachment_ids.id,
            0,
            -1,
            "x",
            "1 OR 1=1",
            10**30,
        ):
            self.assertFalse(find(str(ref)), ref)

    # ------------------------------------------------------------ which tickets

    def test_references_from_outside(self):
        parse = self.tickets._parse_ref
        self.assertEqual(parse("12"), 12)
        for nonsense in (
            "",
            "0",
            "-1",
            "1.5",
            "１２",
            "0x1",
            "abc",
            str(2**31),
            "9" * 99,
        ):
            self.assertEqual(parse(nonsense), 0, nonsense)

    def test_who_sees_which_ticket(self):
        self.firm.care_share_tickets = False

        def sees(user):
            return bool(self.tickets.with_user(user)._find_visible(str(self.ticket.id)))

        seen = {
            user.login: sees(user)
            for user in (
                self.user_portal,
                self.user_colleague,
                self.user_stranger,
                self.user_reader,
                self.user_team,
                self.user_other,
            )
        }
        self.assertEqual(
            seen,
            {
                "care_portal": True,
                "portal_colleague": False,
                "care_stranger": False,
                "care_reader": False,
                "care_team": True,
                "care_other": False,
            },
        )
        self.firm.care_share_tickets = True
        self.assertTrue(sees(self.user_colleague))
        self.assertFalse(sees(self.user_stranger))

    def test_an_employee_sees_what_he_asked_himself(self):
        mine = self._create_ticket(partner_id=self.user_reader.partner_id.id)
        as_reader = self.tickets.with_user(self.user_reader)
        self.assertEqual(as_reader._find_visible(str(mine.id)), mine.id)
        listed = as_reader._list_for_portal("all", "newest", "", 0, 10)
        self.assertEqual(listed, mine)
        self.assertEqual(as_reader._count_for_portal()["all"], 1)
        mine.sudo().is_unverified = True
        self.assertFalse(as_reader._find_visible(str(mine.id)))
        self.assertFalse(as_reader._count_for_portal()["all"])

    def test_an_archived_ticket_is_on_nobody_s_page(self):
        self.ticket.sudo().partner_id = self.user_reader.partner_id
        people = self.user_reader | self.user_team | self.user_admin
        for active in (True, False):
            self.ticket.sudo().active = active
            for user in people:
                found = self.tickets.with_user(user)._find_visible(str(self.ticket.id))
                self.assertEqual(bool(found), active, user.login)

    def test_an_employee_sees_his_colleagues_only_where_their_company_says_so(self):
        """He searches with the domain alone: no record rule keeps others away."""
        self.user_reader.partner_id.parent_id = self.firm
        as_reader = self.tickets.with_user(self.user_reader)
        for shared in (False, True):
            self.firm.care_share_tickets = shared
            self.assertEqual(bool(as_reader._find_visible(str(self.ticket.id))), shared)
            listed = as_reader._list_for_portal("all", "newest", "", 0, 10)
            self.assertEqual(bool(listed), shared)
            self.assertEqual(as_reader._count_for_portal()["all"], int(shared))

    def test_a_ticket_with_a_typed_address_is_not_shown_before_it_is_confirmed(self):
        self.ticket.sudo().is_unverified = True
        as_customer = self.tickets.with_user(self.user_portal)
        self.assertFalse(as_customer._find_visible(str(self.ticket.id)))
        self.assertFalse(as_customer._list_for_portal("all", "newest", "", 0, 10))
        self.assertFalse(as_customer.search([("id", "=", self.ticket.id)]))
        self.ticket.with_user(self.user_team).action_confirm_sender()
        self.assertTrue(as_customer._find_visible(str(self.ticket.id)))
        with self.assertRaises(AccessError):
            as_customer.browse(self.ticket.id).action_confirm_sender()

    def test_list_filters_searches_and_sorts(self):
        late = self._create_ticket(name="Ấm đun nước rò điện")
        late.stage_id = self.stage_pending
        done = self._create_ticket(name="Xe đẩy")
        done.stage_id = self.stage_solved
        self._create_ticket(name="Ấm của người khác", partner_id=self.customer_two.id)
        as_customer = self.tickets.with_user(self.user_portal)

        def listed(filterby="all", sortby="newest", search=""):
            return as_customer._list_for_portal(filterby, sortby, search, 0, 10)

        self.assertEqual(listed(), done + late + self.ticket)
        self.assertEqual(listed(sortby="oldest"), self.ticket + late + done)
        self.assertEqual(
            listed(sortby="subject").mapped("name"),
            sorted(listed().mapped("name")),
        )
        self.assertEqual(listed("open"), late + self.ticket)
        self.assertEqual(listed("answer"), late)
        self.assertEqual(listed("done"), done)
        self.assertEqual(listed(search="am dun nuoc"), late)
        self.assertEqual(listed(search=f"#{done.number}"), done)
        self.assertFalse(listed(search="không có đâu"))
        self.assertEqual(listed("nonsense", "nonsense", ""), listed())
        self.assertEqual(
            as_customer._count_for_portal(), {"all": 3, "open": 2, "answer": 1}
        )

    # ------------------------------------------------------------ words

    def test_the_four_dots(self):
        def states():
            return [step["state"] for step in self.ticket._get_portal_steps()]

        expected = {
            "new": ["current", "todo", "todo", "todo"],
            "open": ["done", "current", "todo", "todo"],
            "hold": ["done", "current", "todo", "todo"],
            "pending": ["done", "done", "current", "todo"],
            "solved": ["done", "done", "done", "current"],
            "closed": ["done", "done", "done", "current"],
            "cancelled": ["todo"] * 4,
        }
        for category, dots in expected.items():
            self.ticket.stage_id = self.env.ref(f"customer_care.stage_{category}")
            self.assertEqual(states(), dots, category)

    def test_the_stage_is_told_in_the_customers_words(self):
        self.ticket.stage_id = self.stage_pending
        self.assertEqual(self.ticket._get_portal_stage_name(), "We need your answer")
        self.stage_pending.portal_name = False
        self.assertEqual(self.ticket._get_portal_stage_name(), self.stage_pending.name)

    # ------------------------------------------------------------ queries

    def _count_queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        return self.cr.sql_log_count - before

    def test_a_conversation_costs_the_same_however_long_it_is(self):
        short = self._count_queries(self.ticket._prepare_conversation)
        for _round in range(10):
            self._post(self.ticket, self.user_portal)
            self._post(self.ticket, self.user_team, attachments=[("a.png", PNG)])
        long = self._count_queries(self.ticket._prepare_conversation)
        self.assertEqual(len(self.ticket._prepare_conversation()["messages"]), 22)
        self.assertEqual(long, short)

    def test_a_long_conversation_shows_its_end_and_offers_the_rest(self):
        for at in range(60):
            self._post(self.ticket, self.user_portal, body=f"tin {at}")
        shown = self.ticket._prepare_conversation()
        self.assertTrue(shown["has_more"])
        self.assertEqual(len(shown["messages"]), 50)
        self.assertIn("tin 59", shown["messages"][-1]["body"])
        whole = self.ticket._prepare_conversation(show_all=True)
        self.assertFalse(whole["has_more"])
        self.assertEqual(len(whole["messages"]), 62)
