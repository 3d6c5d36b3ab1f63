"""Merging contacts, table by table: what was counted before is counted after."""

from datetime import date, timedelta

from odoo.tests import tagged

from ...lib.internal import INTERNAL
from ..customer.test_care_profile import NOW, TODAY
from .common import MergeCommon

#: Models of the suite that name a contact and have nothing to resolve, with the reason.
EXEMPT = {}


@tagged("post_install", "-at_install")
class TestMerge(MergeCommon):
    def test_every_model_with_a_contact_takes_part(self):
        """A new model that names contacts must say what merging them means for it."""
        missing = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("care.")
            and not model._abstract
            and not model._transient
            and model._auto
            and not hasattr(model, "_care_merge_partners")
            and any(
                field.type == "many2one"
                and field.comodel_name == "res.partner"
                and field.store
                for field in model._fields.values()
            )
        }
        self.assertEqual(missing - EXEMPT.keys(), set())

    # ------------------------------------------------------------------ purchases
    def test_purchases(self):
        self._buy(TODAY, 100, self.kept)
        self._buy(TODAY, -40, self.gone, reference="R-1")
        self._buy(TODAY, 7, self.gone, purchase_count=3)
        before = self._total("care_purchase", "amount")
        self.assertEqual(before[1], 3)
        self._merge()
        self.assertEqual(self._total("care_purchase", "amount"), before)
        self.assertEqual(
            self._columns("care_purchase", "amount", partner_id=self.kept.id),
            [(100,), (-40,), (7,)],
        )

    def test_purchases_of_a_person_stay_with_the_person(self):
        firm = self.env["res.partner"].create({"name": "Công ty", "is_company": True})
        (self.kept | self.gone).parent_id = firm
        self._buy(TODAY, 5, self.gone)
        self._merge()
        self.assertEqual(
            self._columns("care_purchase", "amount", partner_id=self.kept.id), [(5,)]
        )

    # -------------------------------------------------------------------- profile
    def test_profile_counts_both(self):
        with self._at(NOW):
            self._buy(TODAY, 100, self.kept)
            self._buy(TODAY - timedelta(days=400), 50, self.gone)
            self._buy(TODAY - timedelta(days=3), -20, self.gone)
            self._create_ticket(partner_id=self.gone.id)
            self._refresh()
            self.assertTrue(self._profile(self.kept) and self._profile(self.gone))
            self._merge()
            profile = self._profile(self.kept)
            self.assertEqual(profile.purchase_count, 2)
            self.assertEqual(profile.revenue, 130)
            self.assertEqual(profile.revenue_365, 80)
            self.assertEqual(profile.refund_amount, 20)
            self.assertEqual(profile.ticket_count, 1)
            self.assertEqual(profile.first_purchase_on, TODAY - timedelta(days=400))
            self.assertEqual(self._total("care_profile")[1], 1)

    def test_profile_is_taken_over(self):
        """Who was no customer takes the profile over, with the marks of others."""
        with self._at(NOW):
            self._buy(TODAY, 100, self.gone)
            self._buy(TODAY, 10, self.third)
            self._refresh()
            self.assertFalse(self._profile(self.kept))
            self.env.cr.execute(
                "UPDATE care_profile SET is_top_tier = TRUE WHERE partner_id = %s",
                [self.gone.id],
            )
            self._merge(self.gone, self.third)
            profile = self._profile(self.kept)
            self.assertEqual((profile.purchase_count, profile.revenue), (2, 110))
            self.assertTrue(profile.is_top_tier)
            self.assertTrue(self.kept.care_is_customer)

    def test_profiles_of_two_companies(self):
        with self._at(NOW):
            self._buy(TODAY, 1, self.kept)
            self._buy(TODAY, 2, self.gone)
            self._buy(TODAY, 4, self.gone, company_id=self.other_company.id)
            self._refresh()
            self._refresh(self.other_company)
            self._merge()
            self.assertEqual(self._profile(self.kept).revenue, 3)
            self.assertEqual(self._profile(self.kept, self.other_company).revenue, 4)

    # -------------------------------------------------------------------- history
    def test_stage_changes(self):
        old = self.env.ref("customer_care.care_stage_existing")
        vip = self.env.ref("customer_care.care_stage_vip")
        self.kept.action_care_move(old.id)
        self.gone.action_care_move(old.id)
        self.gone.action_care_move(vip.id)
        before = self._total("care_stage_change")[1]
        self._merge()
        lines = self.kept.care_stage_change_ids.sorted("id")
        self.assertEqual(len(lines.filtered(lambda line: line.reason == "hand")), 3)
        self.assertEqual(before, 3)

    def test_segment_events(self):
        with self._at(NOW):
            (self.kept | self.gone).write({"city": "Huế", "care_customer_mark": "yes"})
            self._refresh()
            segment = self._segment("[('city', '=', 'Huế')]")
            segment._refresh_and_note()
            self.gone.city = False
            segment._refresh_and_note()
            before = self._total("care_segment_event", "rotation")
            self.assertEqual(before[1], 3)
            self._merge()
            self.assertEqual(self._total("care_segment_event", "rotation"), before)
            self.assertEqual(
                self._columns("care_segment_event", "kind", partner_id=self.kept.id),
                [("enter",), ("enter",), ("leave",)],
            )

    # -------------------------------------------------------------------- members
    def _members(self, *rows):
        """Make segments with members as told and return the segments.

        :param rows: one dict per segment: contact → (state, rotation, override)
        """
        segments = self.segments
        for number, row in enumerate(rows):
            segment = self._segment("[('id', '=', 0)]", name=f"Đoạn {number}")
            segments |= segment
            for partner, (state, rotation, override) in row.items():
                self.env.cr.execute(
                    "INSERT INTO care_segment_member (segment_id, partner_id, state,"
                    " rotation, override, bucket) VALUES (%s, %s, %s, %s, %s, 1)",
                    [segment.id, partner.id, state, rotation, override],
                )
        return segments

    def _member(self, segment):
        return self._columns(
            "care_segment_member",
            "partner_id",
            "state",
            "rotation",
            "override",
            segment_id=segment.id,
        )

    def test_members(self):
        """The unrelated membership survives; in stays in; hands keep what they decided."""
        table = [
            # kept, gone, expected
            (("in", 2, None), ("in", 1, None), ("in", 3, None)),
            (None, ("in", 4, None), ("in", 4, None)),
            (None, ("out", 1, "exclude"), ("out", 1, "exclude")),
            (("out", 1, None), ("in", 1, None), ("in", 2, None)),
            (("in", 1, None), ("in", 1, "exclude"), ("in", 2, "exclude")),
            (("in", 1, "include"), ("in", 1, "exclude"), ("in", 2, "include")),
            (("out", 0, "exclude"), ("in", 1, "include"), ("in", 1, "exclude")),
            (("in", 5, "include"), None, ("in", 5, "include")),
        ]
        segments = self._members(
            *(
                {
                    partner: row
                    for partner, row in ((self.kept, kept), (self.gone, gone))
                    if row
                }
                for kept, gone, _expected in table
            )
        )
        before = self._total("care_segment_member", "rotation")[0]
        self._merge()
        for segment, (kept, gone, expected) in zip(segments, table, strict=True):
            with self.subTest(kept=kept, gone=gone):
                self.assertEqual(self._member(segment), [(self.kept.id, *expected)])
        self.assertEqual(self._total("care_segment_member", "rotation")[0], before)

    def test_members_of_three(self):
        segment = self._members(
            {
                self.third: ("in", 1, "include"),
                self.gone: ("out", 2, "exclude"),
            }
        )
        self._merge(self.gone, self.third)
        self.assertEqual(self._member(segment), [(self.kept.id, "in", 3, "exclude")])

    def test_member_has_the_bucket_of_who_stays(self):
        """The hold-out is drawn by the id: the same as a refresh would draw."""
        (self.kept | self.gone).care_customer_mark = "yes"
        with self._at(NOW):
            self._refresh()
            segment = self._segment(f"[('id', 'in', {(self.kept | self.gone).ids})]")
            segment._refresh_and_note()
            drawn = self._columns(
                "care_segment_member",
                "bucket",
                segment_id=segment.id,
                partner_id=self.kept.id,
            )
            self.env.cr.execute(
                "DELETE FROM care_segment_member WHERE partner_id = %s", [self.kept.id]
            )
            self._merge()
        bucket = self._columns("care_segment_member", "bucket", segment_id=segment.id)
        self.assertEqual(bucket, drawn)

    def test_nobody_is_greeted_twice(self):
        """A merge is no coming in: automation has nothing to do."""
        with self._at(NOW):
            self.gone.write({"city": "Huế", "care_customer_mark": "yes"})
            self.kept.care_customer_mark = "yes"
            self._refresh()
            segment = self._segment("[('city', '=', 'Huế')]")
            segment._refresh_and_note()
            before = self._total("care_segment_event")[1]
            self.env["care.touch"]._take()
            self._merge()
            self.assertEqual(self.kept.city, "Huế")
            told, _hushed = self.env["care.touch"]._take()
            self.assertIn(self.kept, told)
            self.env["care.touch"]._look_at(told, silent=False)
            self.assertEqual(self._total("care_segment_event")[1], before)
            self.assertEqual(self._member(segment), [(self.kept.id, "in", 1, None)])
            self.assertEqual(segment.member_count, 1)

    def test_size_of_a_segment_that_had_both(self):
        with self._at(NOW):
            (self.kept | self.gone).write({"city": "Huế", "care_customer_mark": "yes"})
            self._refresh()
            segment = self._segment("[('city', '=', 'Huế')]")
            segment._refresh_and_note()
            self.assertEqual(segment.member_count, 2)
            self._merge()
            self.assertEqual(segment.member_count, 1)
            self.assertEqual(segment.size_ids.mapped("size"), [1])

    # ----------------------------------------------------------------- care stage
    def _stand(self, partner, code, lock=None, company=None):
        stage = self.env.ref(f"customer_care.care_stage_{code}")
        partner.with_company(company or self.company).sudo().with_context(
            care_stage_moved=INTERNAL
        ).write(
            {
                "care_stage_id": stage.id,
                "care_stage_since": date(2026, 1, 1),
                "care_stage_lock_until": lock,
            }
        )
        return stage

    def _merge_notes(self):
        lines = self.kept.care_stage_change_ids
        return lines.filtered(lambda line: line.reason == "merge")

    def test_stage_of_the_destination(self):
        stage = self._stand(self.kept, "existing")
        self._stand(self.gone, "loyal")
        self._merge()
        self.assertEqual(self.kept.care_stage_id, stage)
        self.assertFalse(self.kept.care_stage_lock_until)
        self.assertFalse(self._merge_notes())

    def test_lock_by_hand_survives_with_its_stage(self):
        until = TODAY + timedelta(days=10)
        before = self._stand(self.kept, "existing")
        vip = self._stand(self.gone, "vip", until)
        with self._at(NOW):
            self._merge()
            self.assertEqual(self.kept.care_stage_id, vip)
            self.assertEqual(self.kept.care_stage_lock_until, until)
            note = self._merge_notes()
            self.assertEqual((note.from_id, note.to_id), (before, vip))
            self.assertTrue(note.initial, "nothing follows from a merge")

    def test_lock_that_ended_holds_nothing(self):
        stage = self._stand(self.kept, "existing")
        self._stand(self.gone, "vip", TODAY - timedelta(days=1))
        with self._at(NOW):
            self._merge()
            self.assertEqual(self.kept.care_stage_id, stage)
            self.assertFalse(
                self.kept.care_stage_lock_until, "the lock of another stage"
            )

    def test_own_lock_comes_first(self):
        until = TODAY + timedelta(days=1)
        stage = self._stand(self.kept, "dormant", until)
        self._stand(self.gone, "vip", TODAY + timedelta(days=50))
        with self._at(NOW):
            self._merge()
            self.assertEqual(self.kept.care_stage_id, stage)
            self.assertEqual(self.kept.care_stage_lock_until, until)

    def test_stages_of_two_companies(self):
        here = self._stand(self.kept, "existing")
        there = self._stand(self.gone, "vip", company=self.other_company)
        self._merge()
        kept = self.kept.with_company(self.other_company)
        self.assertEqual(kept.care_stage_id, there)
        self.assertEqual(self.kept.with_company(self.company).care_stage_id, here)

    def test_person_in_charge(self):
        self.gone.care_manager_id = self.user_own
        self._merge()
        self.assertEqual(self.kept.care_manager_id, self.user_own)
        self.third.care_manager_id = self.user_team
        self._merge(self.third)
        self.assertEqual(self.kept.care_manager_id, self.user_own)

    # -------------------------------------------------------------------- tickets
    def test_tickets_and_their_history(self):
        first = self._create_ticket(partner_id=self.kept.id)
        second = self._create_ticket(partner_id=self.gone.id, email_from="lan@a.test")
        archived = self._create_ticket(partner_id=self.gone.id, active=False)
        tickets = first | second | archived
        events = self._total("care_ticket_event")
        state = [(t.number, t.reply_count, t.first_request_on) for t in tickets]
        self._merge()
        self.assertEqual(tickets.partner_id, self.kept)
        self.assertEqual(tickets.commercial_partner_id, self.kept)
        self.assertEqual(self._total("care_ticket_event"), events)
        self.assertEqual(
            [(t.number, t.reply_count, t.first_request_on) for t in tickets], state
        )
        self.assertEqual(tickets._find_state_differences(), {})
        self.assertEqual(second.email_from, "lan@a.test", "answers still find back")
        self.assertIn(second, first.search([("search_query", "ilike", "vũ thị lan")]))

    def test_tickets_of_people_of_two_firms(self):
        firm, other = self.env["res.partner"].create(
            [
                {"name": "Công ty A", "is_company": True},
                {"name": "Công ty B", "is_company": True},
            ]
        )
        self.kept.parent_id, self.gone.parent_id = firm, other
        ticket = self._create_ticket(partner_id=self.gone.id)
        self.assertEqual(ticket.commercial_partner_id, other)
        self._merge()
        self.assertEqual(ticket.partner_id, self.kept)
        self.assertEqual(ticket.commercial_partner_id, firm)

    def test_tickets_of_a_firm_of_two_names(self):
        """Merging firms takes their people along."""
        firms = self.kept | self.gone
        firms.is_company = True
        person = self.env["res.partner"].create(
            {"name": "Anh Minh", "parent_id": self.gone.id}
        )
        ticket = self._create_ticket(partner_id=person.id)
        self._merge()
        self.assertEqual(person.commercial_partner_id, self.kept)
        self.assertEqual(ticket.partner_id, person)
        self.assertEqual(ticket.commercial_partner_id, self.kept)

    def test_customer_who_turns_out_to_be_a_person_of_a_firm(self):
        """The destination joins the firm of the source; all of it counts for the firm."""
        firm = self.env["res.partner"].create({"name": "Công ty", "is_company": True})
        self.gone.parent_id = firm
        with self._at(NOW):
            self._buy(TODAY, 5, self.kept)
            self._buy(TODAY, 7, self.gone)
            self._refresh()
            segment = self._members({self.kept: ("in", 1, None)})
            ticket = self._create_ticket(partner_id=self.kept.id)
            self._merge()
            self.assertEqual(self.kept.commercial_partner_id, firm)
            self.assertEqual(self._profile(firm).revenue, 12)
            self.assertFalse(self._profile(self.kept))
            self.assertEqual(self._member(segment), [(firm.id, "in", 1, None)])
            self.assertEqual(ticket.commercial_partner_id, firm)

    def test_messages_and_followers(self):
        """Of followers only the double goes, not everybody who follows the source."""
        first = self._create_ticket(partner_id=self.kept.id)
        second = self._create_ticket(partner_id=self.kept.id)
        first.message_subscribe((self.kept | self.gone).ids)
        second.message_subscribe(self.gone.ids)
        self.gone.message_post(body="Ghi chú", author_id=self.gone.id)
        self.gone.message_subscribe(self.user_own.partner_id.ids)
        self.gone.message_subscribe(self.user_team.partner_id.ids)
        self.kept.message_subscribe(self.user_own.partner_id.ids)
        self._merge()
        self.assertEqual(first.message_partner_ids & self.kept, self.kept)
        self.assertEqual(second.message_partner_ids & self.kept, self.kept)
        self.assertIn("Ghi chú", "".join(self.kept.message_ids.mapped("body")))
        self.assertLessEqual(
            (self.user_own | self.user_team).partner_id, self.kept.message_partner_ids
        )

    def test_notifications_of_both(self):
        """One message that went to both: one notification stays, others are kept."""
        ticket = self._create_ticket(partner_id=self.kept.id)
        messages = self.env["mail.message"]
        for partners in (self.kept | self.gone, self.gone):
            messages |= ticket.message_post(
                body="Xin chào",
                partner_ids=partners.ids,
                subtype_xmlid="mail.mt_comment",
            )
        self._merge()
        told = self.env["mail.notification"].search(
            [
                ("mail_message_id", "in", messages.ids),
                ("res_partner_id", "=", self.kept.id),
            ]
        )
        self.assertEqual(told.mail_message_id, messages)

    # ----------------------------------------------------------- what else it does
    def test_touches(self):
        self.env["care.touch"]._write_noted()
        self._merge()
        self.env["care.touch"]._write_noted()
        self.assertTrue(
            self._columns("care_touch", "is_silent", partner_ref=self.kept.id)
        )

    def test_contact_of_all_companies_stays_one(self):
        self.gone.company_id = self.company
        self._merge()
        self.assertFalse(self.kept.company_id)

    def test_merge_with_core_alone_would_lose_rows(self):
        """What the override is for: without it, an unrelated membership vanishes."""
        segments = self._members(
            {self.kept: ("in", 1, None), self.gone: ("in", 1, None)},
            {self.gone: ("in", 1, None)},
        )
        self.merger._update_foreign_keys_generic("res.partner", self.gone, self.kept)
        self.gone.unlink()
        self.assertEqual(self._member(segments[1]), [], "core changed: look again")
