from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...lib.internal import INTERNAL
from ..customer.test_care_profile import NOW, TODAY, ProfileCommon


class BoardCommon(ProfileCommon):
    """A segment of our own people narrows the board down to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stages = cls.env["care.stage"]
        cls.vip = cls.env.ref("customer_care.care_stage_vip")
        cls.new = cls.env.ref("customer_care.care_stage_new")
        cls.existing = cls.env.ref("customer_care.care_stage_existing")
        cls.people = cls.env["res.partner"].create(
            [
                {"name": f"Khách bảng {number}", "phone": f"0987 000 {number:03}"}
                for number in range(6)
            ]
        )
        for number, person in enumerate(cls.people):
            cls.env["care.purchase"].create(
                {
                    "partner_id": person.id,
                    "day": TODAY - timedelta(days=70),
                    "amount": 1000 * (number + 1),
                }
            )
        cls.segment = cls.env["care.segment"].create(
            {
                "name": "Người trên bảng",
                "domain": "[('name', 'like', 'Khách bảng')]",
            }
        )

    def _settle(self):
        """Profiles, then everybody of ours stands in Existing, silently."""
        self._refresh()
        self.people.with_context(care_stage_moved=INTERNAL).sudo().write(
            {"care_stage_id": self.existing.id, "care_stage_since": TODAY}
        )
        self.segment._refresh_and_note()
        self.env.flush_all()

    def _board(self, user=None, **criteria):
        user = user or self.user_own
        criteria = {"segment_id": self.segment.id, **criteria}
        return self.stages.with_user(user).get_care_board(criteria)

    def _column(self, stage, user=None, **criteria):
        columns = {
            column["id"]: column for column in self._board(user, **criteria)["columns"]
        }
        return columns[stage.id]

    def _card(self, person, user=None):
        stage = person.care_stage_id
        cards = {card["id"]: card for card in self._column(stage, user)["cards"]}
        return cards[person.id]


@tagged("post_install", "-at_install")
class TestCareBoard(BoardCommon):
    def test_columns_count_and_sum(self):
        """Six customers of 1,000 to 6,000; one refund lowers the sum."""
        with self._at(NOW):
            self._buy(TODAY, -500, self.people[0])
            self._settle()
            self.people[5].with_user(self.user_own).action_care_move(self.vip.id)
            column, vips = self._column(self.existing), self._column(self.vip)
        self.assertEqual(column["count"], 5)
        self.assertEqual(vips["count"], 1)
        shown = self.env["ir.qweb.field.monetary"].value_to_html(
            14500, {"display_currency": self.company.currency_id}
        )
        digits = "".join(filter(str.isdigit, column["value"]))
        expected = "".join(
            filter(str.isdigit, str(shown).replace("oe_currency_value", ""))
        )
        self.assertEqual(digits, expected)
        self.assertEqual(
            [card["id"] for card in column["cards"]],
            [self.people[n].id for n in (4, 3, 2, 1, 0)],
            "the most valuable first",
        )

    def test_change_this_month(self):
        """Moves of this month count, first fills and those of last month do not."""
        with self._at("2026-05-31 16:59"):  # 31 May, 23:59 in Hanoi
            self._settle()
            self.people[0].with_user(self.user_own).action_care_move(self.vip.id)
        with self._at("2026-05-31 17:00"):  # midnight of 1 June
            self.people[1].with_user(self.user_own).action_care_move(self.vip.id)
            self.people[2].with_user(self.user_own).action_care_move(self.vip.id)
            self.people[2].with_user(self.user_own).action_care_move(self.new.id)
        self.env["care.stage.change"].create(
            {
                "partner_id": self.people[3].id,
                "company_id": self.company.id,
                "on": "2026-06-10 00:00:00",
                "to_id": self.vip.id,
                "reason": "first",
                "initial": True,
            }
        )
        with self._at(NOW):
            board = {c["id"]: (c["came"], c["left"]) for c in self._board()["columns"]}
        self.assertEqual(board[self.vip.id], (2, 1))
        self.assertEqual(board[self.existing.id], (0, 2))
        self.assertEqual(board[self.new.id], (1, 0))

    def test_next_step_or_nobody_in_charge(self):
        mine, planned, asked, alone, led = self.people[:5]
        mine.care_manager_id = self.user_team
        lead = self.env["crm.lead"].create({"name": "Báo giá", "partner_id": led.id})
        self.user_own.group_ids += self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        with self._at(NOW):
            self._settle()
            planned.activity_schedule(
                "mail.mail_activity_data_call",
                TODAY - timedelta(days=2),
                "Gọi chị",
                user_id=self.user_own.id,
            )
            planned.activity_schedule(
                "mail.mail_activity_data_call",
                TODAY + timedelta(days=2),
                user_id=self.user_own.id,
            )
            lead.activity_schedule(
                "mail.mail_activity_data_call",
                TODAY + timedelta(days=1),
                "Hỏi lại giá",
                user_id=self.user_own.id,
            )
            ticket = self._create_ticket(
                name="Máy kêu", partner_id=asked.id, user_id=self.user_own.id
            )
            self._refresh()
            steps = {person: self._card(person)["next"] for person in self.people[:5]}
        self.assertEqual(steps[mine]["kind"], "none")
        self.assertEqual(steps[alone]["kind"], "nobody")
        self.assertTrue(steps[alone]["late"])
        self.assertEqual(steps[planned]["kind"], "activity")
        self.assertIn("Gọi chị, late since", steps[planned]["text"])
        self.assertEqual(steps[led]["text"], "Hỏi lại giá, tomorrow")
        self.assertEqual(steps[asked]["kind"], "ticket")
        self.assertIn(ticket.name, steps[asked]["text"])

    def test_ticket_of_a_colleague_is_not_named(self):
        with self._at(NOW):
            self._create_ticket(
                name="Chuyện riêng",
                partner_id=self.people[0].id,
                user_id=self.user_team.id,
                team_id=self.second_team.id,
            )
            self._settle()
            step = self._card(self.people[0])["next"]
        self.assertEqual(step["kind"], "ticket")
        self.assertNotIn("Chuyện riêng", step["text"])

    def test_second_mark(self):
        """A VIP whose silence is twice his own rhythm is at risk as well."""
        risky = self.people[0]
        with self._at(NOW):
            for days in (100, 120, 140):
                self._buy(TODAY - timedelta(days=days), 10, risky)
            self._settle()
            for person in (risky, self.people[1]):
                person.with_user(self.user_own).action_care_move(self.vip.id)
            self.assertTrue(self._card(risky)["is_at_risk"])
            self.assertFalse(self._card(self.people[1])["is_at_risk"])
            only = self._column(self.vip, at_risk=True)
            self.assertEqual([card["id"] for card in only["cards"]], risky.ids)
            found = self.env["res.partner"].search(
                [("care_is_at_risk", "=", True), ("id", "in", self.people.ids)]
            )
            self.assertEqual(found, risky)
            others = self.env["res.partner"].search(
                [("care_is_at_risk", "=", False), ("id", "in", self.people.ids)]
            )
            self.assertEqual(others, self.people - risky)

    def test_narrow_down(self):
        with self._at(NOW):
            self.people[0].care_manager_id = self.user_own
            self.people[1].care_manager_id = self.user_team
            self._settle()

            def found(**criteria):
                cards = self._column(self.existing, **criteria)["cards"]
                return self.env["res.partner"].browse([card["id"] for card in cards])

            self.assertEqual(found(manager="mine"), self.people[0])
            self.assertEqual(found(manager=str(self.user_team.id)), self.people[1])
            self.assertEqual(len(found(manager="nobody")), 4)
            self.assertEqual(found(text="bảng 3"), self.people[3])
            for digits in ("0987000002", "987 000 002", "+84 987 000 002"):
                self.assertEqual(found(text=digits), self.people[2], digits)
            self.env["res.partner"].create(
                {
                    "name": "Cô Hồng",
                    "phone": "0977 111 222",
                    "parent_id": self.people[4].id,
                }
            )
            self.assertEqual(found(text="0977111222"), self.people[4])
            self.assertFalse(found(text="' OR 1=1 --"))
            with self.assertRaisesRegex(UserError, "narrowed down by “password”"):
                self._board(password="x")

    def test_pages(self):
        crowd = self.env["res.partner"].create(
            [{"name": f"Khách bảng đông {number}"} for number in range(45)]
        )
        with self._at(NOW):
            for person in crowd:
                self._buy(TODAY, 10, person)
            self._refresh()
            (crowd | self.people).sudo().with_context(care_stage_moved=INTERNAL).write(
                {"care_stage_id": self.existing.id}
            )
            self.segment._refresh_and_note()
            column = self._column(self.existing)
            criteria = {"segment_id": self.segment.id}
            reader = self.stages.with_user(self.user_own)
            pages = [column["cards"]] + [
                reader.get_care_cards(self.existing.id, criteria, offset)
                for offset in (20, 40, 60)
            ]
        self.assertEqual(column["count"], 51)
        self.assertEqual([len(page) for page in pages], [20, 20, 11, 0])
        ids = [card["id"] for page in pages for card in page]
        self.assertEqual(sorted(ids), sorted((crowd | self.people).ids))

    def test_folded_columns_come_without_cards(self):
        self.existing.fold = True
        with self._at(NOW):
            self._settle()
            column = self._column(self.existing)
        self.assertEqual((column["count"], column["cards"]), (6, []))

    def test_customers_without_stage_have_a_column(self):
        with self._at(NOW):
            self._settle()
            self.people[0].sudo().with_context(
                care_stage_moved=INTERNAL
            ).care_stage_id = False
            columns = self._board()["columns"]
        self.assertEqual(columns[-1]["id"], 0)
        self.assertEqual(columns[-1]["count"], 1)
        self.assertEqual(columns[-1]["cards"][0]["id"], self.people[0].id)

    def test_archived_stage_keeps_its_customers_in_sight(self):
        stage = self.stages.create({"name": "Thử", "phase": "loyal"})
        with self._at(NOW):
            self._settle()
            self.people[0].with_user(self.user_own).action_care_move(stage.id)
            stage.active = False
            column = self._column(stage)
            self.assertFalse(column["is_open"])
            self.assertEqual(column["count"], 1)
            self.people[0].with_user(self.user_own).action_care_move(self.vip.id)
            self.assertNotIn(stage.id, [c["id"] for c in self._board()["columns"]])

    def test_who_sees_the_board(self):
        with self._at(NOW):
            self._settle()
            for user in (
                self.user_own,
                self.user_team,
                self.user_lead,
                self.user_manager,
            ):
                self.assertEqual(self._column(self.existing, user)["count"], 6)
            for user in (self.user_reader, self.user_portal):
                with self.assertRaises(AccessError):
                    self.stages.with_user(user).get_care_board()
                with self.assertRaises(AccessError):
                    self.stages.with_user(user).get_care_cards(self.existing.id)
            theirs = self.stages.with_user(self.user_other).get_care_board()
            self.assertEqual(theirs["count"], 0)

    def test_contacts_of_another_company_stay_there(self):
        """A contact kept for another company is not on this board, purchase or not."""
        with self._at(NOW):
            self._settle()
            self.people[0].company_id = self.other_company
            self.assertEqual(self._column(self.existing)["count"], 5)

    def test_queries_do_not_depend_on_customers(self):
        crowd = self.env["res.partner"].create(
            [{"name": f"Khách bảng nhiều {number}"} for number in range(30)]
        )
        with self._at(NOW):
            self._settle()
            self._busy(self.people[:2])
            self._refresh()
            few = self._count_queries()
            self._busy(crowd)
            self._refresh()
            for number, person in enumerate(crowd):
                stage = (self.existing, self.new, self.vip)[number % 3]
                person.with_user(self.user_own).action_care_move(stage.id)
            self.segment._refresh_and_note()
            self.assertEqual(self._count_queries(), few)
        self.assertLessEqual(few, 33)

    def _busy(self, people):
        """Give everybody something that a card shows."""
        for number, person in enumerate(people):
            self._buy(TODAY, 10, person)
            person.activity_schedule(
                "mail.mail_activity_data_todo", TODAY, user_id=self.user_own.id
            )
            self._create_ticket(partner_id=person.id, user_id=self.user_own.id)
            person.care_manager_id = (self.user_own, self.user_team)[number % 2]

    def _count_queries(self):
        """Queries of the second reading: what is cached once is cached then."""
        for _turn in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._board()
            count = self.env.cr.sql_log_count - before
        return count


@tagged("post_install", "-at_install")
class TestCareBoardMoves(BoardCommon):
    def _move(self, people, stage, user=None, **values):
        people.with_user(user or self.user_own).action_care_board_move(
            stage.id, **values
        )

    def test_move_several_until_a_day(self):
        with self._at(NOW):
            self._settle()
            chosen = self.people[:3]
            seen = [[person.id, self.existing.id] for person in chosen]
            self._move(chosen, self.vip, until="2026-07-01", note="Bạn", seen=seen)
            card = self._card(chosen[0])
        self.assertEqual(chosen.care_stage_id, self.vip)
        self.assertEqual(card["lock_until"], "2026-07-01")
        self.assertEqual(self.people[3].care_stage_id, self.existing)
        lines = self.env["care.stage.change"].search([("partner_id", "in", chosen.ids)])
        self.assertEqual(set(lines.mapped("note")), {"Bạn"})
        with self._at("2026-07-02 05:00"):
            self.assertFalse(self._card(chosen[0])["lock_until"], "its day has passed")

    def test_default_is_ninety_days(self):
        with self._at(NOW):
            self._settle()
            self._move(self.people[0], self.vip)
        kept = self.people[0].care_stage_lock_until
        self.assertEqual(kept, TODAY + timedelta(days=90))

    def test_colleague_was_faster(self):
        """The second of two people is told where the customer stands, and by whom."""
        person, other = self.people[:2]
        with self._at(NOW):
            self._settle()
            seen = [[person.id, self.existing.id], [other.id, self.existing.id]]
            self._move(person, self.vip, self.user_team, seen=seen[:1])
            with self.assertRaisesRegex(
                UserError, "in “VIP” meanwhile, moved by care_team"
            ):
                self._move(person | other, self.new, seen=seen)
        self.assertEqual(person.care_stage_id, self.vip)
        self.assertEqual(other.care_stage_id, self.existing, "nobody was moved")

    def test_bad_moves(self):
        person = self.people[0]
        gone = self.env["res.partner"].create({"name": "Đã gộp"})
        with self._at(NOW):
            self._settle()
            with self.assertRaisesRegex(UserError, "has passed"):
                self._move(person, self.vip, until="2026-06-14")
            with self.assertRaisesRegex(UserError, "no such care stage"):
                self._move(person, self.stages.browse(999999))
            retired = self.stages.create(
                {"name": "Cũ", "phase": "loyal", "active": False}
            )
            with self.assertRaisesRegex(UserError, "no such care stage"):
                self._move(person, retired)
            theirs = self.stages.create(
                {"name": "Huế", "phase": "loyal", "company_id": self.other_company.id}
            )
            with self.assertRaisesRegex(UserError, "no such care stage"):
                self._move(person, theirs)
            merged = self.env["res.partner"].browse(gone.id)
            gone.unlink()
            with self.assertRaisesRegex(UserError, "1 of these customers no longer"):
                self._move(merged | person, self.vip)
            self.people[1].active = False
            with self.assertRaisesRegex(UserError, "Khách bảng 1 was archived"):
                self._move(self.people[:2], self.vip)
            for user in (self.user_reader, self.user_portal):
                with self.assertRaises(AccessError):
                    self._move(person, self.vip, user)
                with self.assertRaises(AccessError):
                    person.with_user(user).action_care_board_undo([])
        self.assertEqual(person.care_stage_id, self.existing)

    def test_contact_of_another_company_cannot_be_moved(self):
        self.people[0].company_id = self.company
        with self._at(NOW):
            self._settle()
            with self.assertRaises(AccessError):
                self._move(self.people[0], self.vip, self.user_other)

    def test_undo_restores_rule_and_lock(self):
        ruled, kept = self.people[:2]
        with self._at(NOW):
            self._settle()
            self._move(kept, self.new, until="2026-08-01")
            before = [
                [ruled.id, self.existing.id, False],
                [kept.id, self.new.id, "2026-08-01"],
            ]
            both = ruled | kept
            self._move(both, self.vip)
            seen = [[person.id, self.vip.id] for person in both]
            both.with_user(self.user_own).action_care_board_undo(before, seen)
        self.assertEqual(ruled.care_stage_id, self.existing)
        self.assertFalse(ruled.care_stage_lock_until)
        self.assertEqual(kept.care_stage_id, self.new)
        self.assertEqual(str(kept.care_stage_lock_until), "2026-08-01")

    def test_given_back_at_once(self):
        """The days outside are for rules; what a person decided ends with his word."""
        self.vip.leave_after_days = 30
        with self._at(NOW):
            self._settle()
            self._move(self.people[0], self.vip)
            self.people[0].with_user(self.user_own).action_care_follow_rule()
        self.assertEqual(self.people[0].care_stage_id, self.existing)
        self.assertFalse(self.people[0].care_stage_lock_until)
