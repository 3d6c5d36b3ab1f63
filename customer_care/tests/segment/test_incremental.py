"""Whatever is written in whatever order: looking at who was touched is enough."""

from contextlib import contextmanager
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings, strategies as st

from odoo.tests import tagged

from ...models.customer.care_profile_refresh import SCORES
from ..customer.test_care_profile import NOW, TODAY
from .test_care_segment import SegmentCommon

PEOPLE = 4
PERSON = st.integers(0, PEOPLE - 1)
DAYS = st.integers(0, 500)
WRITES = st.one_of(
    st.tuples(st.just("city"), PERSON, st.sampled_from(("Huế", "Vinh", False))),
    st.tuples(st.just("email"), PERSON, st.sampled_from(("a@b.test", False))),
    st.tuples(st.just("archive"), PERSON, st.none()),
    st.tuples(st.just("mark"), PERSON, st.sampled_from(("yes", "no", False))),
    st.tuples(st.just("join"), PERSON, PERSON),
    st.tuples(st.just("buy"), PERSON, DAYS),
    st.tuples(st.just("refund"), PERSON, DAYS),
    st.tuples(st.just("forget"), PERSON, st.none()),
    st.tuples(st.just("order"), PERSON, DAYS),
    st.tuples(st.just("cancel"), PERSON, st.none()),
    st.tuples(st.just("invoice"), PERSON, DAYS),
    st.tuples(st.just("credit"), PERSON, DAYS),
    st.tuples(st.just("ticket"), PERSON, st.none()),
    st.tuples(st.just("solve"), PERSON, st.none()),
    st.tuples(st.just("lead"), PERSON, st.none()),
    st.tuples(st.just("contact"), PERSON, st.none()),
    st.tuples(st.just("stage"), PERSON, st.sampled_from(("vip", "former"))),
    st.tuples(st.just("unlock"), PERSON, st.none()),
    st.tuples(st.just("merge"), PERSON, PERSON),
    st.tuples(st.just("look"), st.just(0), st.none()),
)


@tagged("post_install", "-at_install")
class TestIncremental(SegmentCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people[PEOPLE:].unlink()
        cls.people = cls.people[:PEOPLE]
        # the one rule that compares customers follows at night; here it asks no score
        cls.env.ref(
            "customer_care.care_stage_vip"
        ).rule_domain = "[('is_top_tier', '=', True)]"
        cls.watched = cls._create_segments()

    @classmethod
    def _create_segments(cls):
        def segment(domain, **values):
            return cls.segments.create(
                {"name": str(domain), "domain": domain, **values}
            )

        found = cls.segments.browse()
        for domain in (
            "[('city', '=', 'Huế')]",
            "[('care_profile_id.purchase_count', '>=', 2)]",
            "['|', ('care_profile_id.revenue', '>', 150), ('email', '!=', False)]",
            "[('care_profile_id.open_ticket_count', '>', 0)]",
            "[('care_stage_id.code', 'in', ['vip', 'former', 'dormant'])]",
            "[('care_profile_id.risk_on', '<', 'today')]",
            "['!', ('care_profile_id.last_contact_on', '=', False)]",
            "[('care_customer_reason', '=', 'lead')]",
            "[('opportunity_ids', '!=', False)]",
        ):
            found |= segment(domain)
        found |= segment(
            "[]",
            kind="combined",
            source_ids=[(6, 0, found[:3].ids)],
            except_ids=[(6, 0, found[3:5].ids)],
        )
        return cls.segments._in_order(found)

    @contextmanager
    def _undone(self):
        """Take back what an example wrote, caches included."""
        with self.env.cr.savepoint() as savepoint:
            yield
            self.env.flush_all()
            savepoint.rollback()
        self.env.cr.precommit.data.clear()
        self.env.invalidate_all(flush=False)

    def _look(self):
        touches = self.env["care.touch"]
        told, hushed = touches._take()
        touches._look_at(hushed, silent=True)
        touches._look_at(told, silent=False)

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(writes=st.lists(WRITES, min_size=1, max_size=9))
    def _check(self, writes):
        with self._undone(), self._at(NOW):
            for act, person, detail in writes:
                self._do(act, self.people[person].exists(), detail)
            self._look()
            people = self.people.exists().ids
            figures = self._read_figures(people)
            members = {segment: self._in(segment) for segment in self.watched}
            self._refresh()
            self.assertEqual(self._read_figures(people), figures)
            before = self._count_changes(people)
            self.env["care.stage"]._apply_rules(self.company)
            self.assertEqual(self._count_changes(people), before)
            for segment in self.watched:
                segment._refresh()
                self.assertEqual(self._in(segment), members[segment], segment.domain)

    def test_looking_at_the_touched_gives_what_looking_at_all_gives(self):
        with self._at(NOW):
            self.company.care_filled_on = NOW
            self._refresh()
            self.env["care.stage"]._apply_rules(self.company)
            for segment in self.watched:
                segment._refresh_and_note()
            self._look()
            self._check()

    # ------------------------------------------------------------------ observing
    def _in(self, segment):
        return super()._in(segment).exists()

    def _read_figures(self, people):
        """Return figures and care stages of these people, without scores."""
        columns = [
            name
            for name, field in self.profiles._fields.items()
            if field.store and name not in (*SCORES, "id")
        ]
        profiles = self.profiles.search(
            [("partner_id", "in", people), ("company_id", "=", self.company.id)],
            order="partner_id",
        )
        self.env.invalidate_all()
        rows = [{name: row[name] for name in columns} for row in profiles.read(columns)]
        return rows, self.env["res.partner"].browse(people).mapped(
            lambda person: person.care_stage_id.code
        )

    def _count_changes(self, people):
        return self.env["care.stage.change"].search_count(
            [("partner_id", "in", people)]
        )

    # -------------------------------------------------------------------- writing
    def _do(self, act, person, detail):
        """Write something; what cannot be written at the moment is left out."""
        if act == "look":
            self._look()
        elif person:
            getattr(self, f"_do_{act}")(person, detail)
        self.env.flush_all()

    def _do_city(self, person, city):
        person.city = city

    def _do_email(self, person, email):
        person.email = email

    def _do_archive(self, person, _none):
        person.active = not person.active

    def _do_mark(self, person, mark):
        person.care_customer_mark = mark

    def _do_join(self, person, other):
        parent = self.people[other].exists()
        if parent and parent.commercial_partner_id != person:
            parent.is_company = True
            person.parent_id = parent

    def _do_buy(self, person, days):
        self._buy(TODAY - timedelta(days=days), 60, person)

    def _do_refund(self, person, days):
        self._buy(TODAY - timedelta(days=days), -80, person)

    def _do_forget(self, person, _none):
        bought = self.env["care.purchase"].search([("partner_id", "=", person.id)])
        bought[:1].unlink()

    def _do_order(self, person, days):
        moment = datetime(2026, 6, 15, 3) - timedelta(days=days)
        self._order(moment, 70, person)

    def _do_cancel(self, person, _none):
        orders = self.env["sale.order"].search(
            [("partner_id", "=", person.id), ("state", "=", "sale")], limit=1
        )
        orders._action_cancel()

    def _do_invoice(self, person, days):
        self._post_move("out_invoice", person, days)

    def _do_credit(self, person, days):
        self._post_move("out_refund", person, days)

    def _post_move(self, kind, person, days):
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": person.id,
                "invoice_date": TODAY - timedelta(days=days),
                "invoice_line_ids": [
                    (0, 0, {"name": "x", "price_unit": 90, "tax_ids": []})
                ],
            }
        )
        move.action_post()

    def _do_ticket(self, person, _none):
        self._create_ticket(partner_id=person.id)

    def _do_solve(self, person, _none):
        tickets = self.env["care.ticket"].search([("partner_id", "=", person.id)])
        tickets[:1].stage_id = self.stage_solved

    def _do_lead(self, person, _none):
        lead = self.env["crm.lead"]
        known = lead.search([("partner_id", "=", person.id)], limit=1)
        if known:
            known.active = False
        else:
            lead.create({"name": "x", "partner_id": person.id, "type": "opportunity"})

    def _do_contact(self, person, _none):
        person.action_care_log_contact("call")

    def _do_stage(self, person, code):
        person.action_care_move(self.env.ref(f"customer_care.care_stage_{code}").id)

    def _do_unlock(self, person, _none):
        person.action_care_follow_rule()

    def _do_merge(self, person, other):
        kept = self.people[other].exists()
        alone = (person | kept).filtered(lambda item: item.active)
        if len(alone) < 2 or person.parent_id or kept.parent_id:
            return
        if person.child_ids or kept.child_ids:
            return
        self.env["base.partner.merge.automatic.wizard"]._merge(alone.ids, kept)
