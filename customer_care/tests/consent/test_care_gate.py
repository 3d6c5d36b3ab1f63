from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import ConcurrencyError
from odoo.tests import tagged

from ...lib.gate import Decision
from ...models.consent.selections import REASONS
from .common import DAY, NIGHT, NOON, GateCommon

GO = ("go", "")


@tagged("post_install", "-at_install")
class TestCareGate(GateCommon):
    """What the table of decisions does not show: addresses, clocks, companies, cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.two, cls.three = (cls._person(number) for number in (1, 2, 3))
        cls.people = cls.one | cls.two | cls.three

    def setUp(self):
        super().setUp()
        clock = self._at(NOON)
        clock.__enter__()
        self.addCleanup(clock.__exit__, None, None, None)

    # ---------------------------------------------------------------- the answer
    def test_decisions_come_in_the_order_of_the_contacts(self):
        self._agree(self.two)
        order = self.three | self.two | self.one
        found = self._decide(order)
        self.assertEqual(list(found), order.ids)
        self.assertEqual(found[self.two.id], Decision("go", "", None, "+84981000002"))
        self.assertEqual(found[self.one.id].reason, "no_consent")

    def test_nobody_is_nobody(self):
        self.assertEqual(self._decide(self.env["res.partner"]), {})

    def test_words_that_do_not_exist_are_an_error(self):
        for channel, purpose in (("pigeon", "care"), ("sms", "fun"), (None, None)):
            with self.subTest(channel=channel), self.assertRaises(ValueError):
                self._decide(self.people, channel, purpose)

    def test_channels_without_addresses_need_none(self):
        self.people.write({"phone": False, "email": False})
        for channel in ("visit", "chat", "other"):
            with self.subTest(channel):
                self.assertEqual(self._verdicts(self.people, channel, "care"), [GO] * 3)

    # ------------------------------------------------------------------- contacts
    def test_archived_contacts_get_what_they_wait_for_alone(self):
        self.one.active = False
        self._agree(self.one)
        for purpose, expected in (
            ("transactional", GO),
            ("care", ("skip", "archived")),
            ("promotion", ("skip", "archived")),
        ):
            with self.subTest(purpose):
                self.assertEqual(self._verdicts(self.one, "sms", purpose), [expected])

    def test_merged_and_deleted_contacts_get_nothing(self):
        """Their messages are not logged either: there is nobody to log them on."""
        gone = self.three
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge((self.two | gone).ids, self.two)
        self.assertFalse(gone.exists())
        found = self._decide(self.two | gone, "sms", "care")
        self.assertEqual(found[gone.id], Decision("skip", "gone", None, ""))
        self.assertEqual(found[self.two.id].verdict, "go")
        self.assertFalse(self.gate._log_decisions(self.company, "sms", "care", found))

    # -------------------------------------------------------------------- consent
    def test_a_refusal_holds_at_once_and_the_latest_answer_wins(self):
        self._agree(self.one, on=datetime(2026, 3, 1))
        self.assertEqual(self._verdicts(self.one), [GO])
        self._agree(self.one, granted=False)
        self.assertEqual(self._verdicts(self.one), [("skip", "withdrawn")])
        self._agree(self.one)
        self.assertEqual(self._verdicts(self.one), [GO])
        # an older answer that is imported later changes nothing
        self._agree(self.one, granted=False, on=datetime(2024, 1, 1))
        self.assertEqual(self._verdicts(self.one), [GO])

    def test_a_refusal_protects_its_address(self):
        """Two contacts of one person: a refusal of one holds for the other."""
        self.two.phone = self.one.phone
        self._agree(self.two, on=datetime(2026, 3, 1))
        self._agree(self.one, granted=False, on=datetime(2026, 3, 1, 1))
        self.assertEqual(self._verdicts(self.two), [("skip", "withdrawn")])
        self.assertEqual(self._verdicts(self.two, "call", "care"), [GO])
        # whoever agrees later, with that address, agrees
        self._agree(self.two, on=datetime(2026, 3, 1, 2))
        self.assertEqual(self._verdicts(self.two), [GO])
        self.assertEqual(self._verdicts(self.one), [("skip", "withdrawn")])

    def test_a_refusal_that_was_taken_back_protects_no_longer(self):
        self.two.phone = self.one.phone
        self._agree(self.two, on=datetime(2026, 3, 1))
        self._agree(self.one, granted=False, on=datetime(2026, 3, 1, 1))
        self._agree(self.one, on=datetime(2026, 3, 1, 2))
        self.assertEqual(self._verdicts(self.two), [GO])

    def test_other_companies_do_not_count(self):
        self._agree(self.one, company=self.other_company)
        self.assertEqual(self._verdicts(self.one), [("skip", "no_consent")])
        self._agree(self.one)
        self._agree(self.one, granted=False, company=self.other_company)
        self.env["care.ticket"].with_company(self.other_company).create(
            {
                "name": "Khiếu nại",
                "partner_id": self.one.id,
                "team_id": self.other_team.id,
                "company_id": self.other_company.id,
                "kind": "complaint",
            }
        )
        self._set_line(cap=1)
        self._count(self.other_company, "sms", self.one.phone_sanitized, DAY, 9)
        self.assertEqual(self._verdicts(self.one), [GO])

    # ------------------------------------------------------------------ addresses
    def test_blacklist_holds_for_a_given_address(self):
        self.env["mail.blacklist"]._add("Blocked@Gate.test")
        given = {self.one.id: "Mai <BLOCKED@gate.test>"}
        found = self._decide(self.people, "email", "care", addresses=given)
        self.assertEqual(
            found[self.one.id], Decision("skip", "blacklist", None, "blocked@gate.test")
        )
        self.assertEqual(found[self.two.id].verdict, "go")

    def test_blacklist_that_was_lifted_holds_no_longer(self):
        numbers = self.env["phone.blacklist"]
        numbers._add([self.one.phone_sanitized])
        self.assertEqual(
            self._verdicts(self.one, "call", "care"), [("skip", "blacklist")]
        )
        numbers._remove([self.one.phone_sanitized])
        self.assertEqual(self._verdicts(self.one, "call", "care"), [GO])

    def test_one_number_in_three_spellings(self):
        spellings = ("0981 999 999", "84981999999", "+84 981-999-999")
        for partner, phone in zip(self.people, spellings, strict=True):
            partner.phone = phone
        found = self._decide(self.people, "sms", "care")
        self.assertEqual({row.address for row in found.values()}, {"+84981999999"})

    def test_a_number_that_could_not_be_read_when_written_is_read_now(self):
        """The company said which country it is in after the contacts came."""
        self.company.country_id = self.env.ref("base.us")
        partner = self._person(7, country_id=False, phone="0981 777 777")
        self.assertFalse(partner.phone_sanitized)
        self.company.country_id = self.env.ref("base.vn")
        found = self._decide(partner, "sms", "care")
        self.assertEqual(found[partner.id].address, "+84981777777")

    def test_who_was_erased_is_not_written_to(self):
        asked = []

        def suppressed(_gate, addresses):
            asked.append(addresses)
            return {self.one.phone_sanitized}

        with patch.object(self.registry["care.gate"], "_gate_suppressed", suppressed):
            found = self._verdicts(self.people, "sms", "care")
        self.assertEqual(found, [("skip", "suppressed"), GO, GO])
        self.assertEqual(asked, [sorted(self.people.mapped("phone_sanitized"))])

    # ------------------------------------------------------------------ complaint
    def test_a_complaint_holds_for_everybody_of_a_company_until_it_is_solved(self):
        firm = self.env["res.partner"].create({"name": "Công ty", "is_company": True})
        (self.one | self.two).parent_id = firm
        self._agree(self.people)
        ticket = self._create_ticket(partner_id=self.one.id, kind="complaint")
        self.assertEqual(
            self._verdicts(self.people),
            [("skip", "complaint"), ("skip", "complaint"), GO],
        )
        ticket.stage_id = self.stage_solved
        self.assertEqual(self._verdicts(self.people), [GO] * 3)

    def test_another_ticket_is_no_complaint(self):
        self._agree(self.one)
        self._create_ticket(partner_id=self.one.id, kind="question")
        archived = self._create_ticket(partner_id=self.one.id, kind="complaint")
        archived.active = False
        self.assertEqual(self._verdicts(self.one), [GO])

    # ---------------------------------------------------------------------- hours
    def _until(self, partner, moment, *args, **more):
        with self._at(moment):
            return self._decide(partner, *args, **more)[partner.id].until

    def test_hours_are_those_of_the_customer(self):
        self._set_line(purpose="care", hours=(7, 22))
        self.one.tz = "America/New_York"
        with self._at(NIGHT):  # 23:00 in Hanoi, 11:00 in New York
            self.assertEqual(
                self._verdicts(self.one | self.two, "sms", "care"),
                [GO, ("postpone", "quiet_hours")],
            )
        # at ten in the morning in Hanoi it is 22:00 in New York, in winter
        until = self._until(self.one, NOON, "sms", "care")
        self.assertEqual(until, datetime(2026, 3, 2, 12, 0))

    def test_a_zone_that_does_not_exist_is_the_companys(self):
        self._set_line(purpose="care", hours=(7, 22))
        self.env.cr.execute(
            "UPDATE res_partner SET tz = 'Mars/Base' WHERE id = %s", [self.one.id]
        )
        self.one.invalidate_recordset()
        until = self._until(self.one, NIGHT, "sms", "care")
        self.assertEqual(until, datetime(2026, 3, 3, 0, 0))  # 07:00 in Hanoi
        self.env.cr.execute(
            "UPDATE res_company SET care_tz = 'Mars/Base' WHERE id = %s",
            [self.company.id],
        )
        self.company.invalidate_recordset()
        # and where that does not exist either, Greenwich's
        self.assertEqual(
            self._until(self.one, "2026-03-02 23:00", "sms", "care"),
            datetime(2026, 3, 3, 7, 0),
        )

    def test_hours_over_midnight(self):
        self._set_line(purpose="care", hours=(20, 6))
        self.assertEqual(
            self._until(self.one, NOON, "sms", "care"), datetime(2026, 3, 2, 13, 0)
        )
        with self._at(NIGHT):
            self.assertEqual(self._verdicts(self.one, "sms", "care"), [GO])

    def test_night_on_which_the_clock_is_set_forward(self):
        """02:30 does not take place: it opens when the clock jumps to 03:00."""
        self._set_line(purpose="care", hours=(2.5, 22))
        self.one.tz = "America/New_York"
        self.assertEqual(
            self._until(self.one, "2026-03-08 06:00", "sms", "care"),  # 01:00 there
            datetime(2026, 3, 8, 7, 0),
        )

    def test_a_server_clock_set_back_never_gives_a_day_more_than_its_cap(self):
        self._set_line(purpose="care", cap=1)
        self.assertEqual(self._verdicts(self.one, "sms", "care"), [GO])
        with self._at("2026-03-02 02:00:00"):
            self.assertEqual(
                self._verdicts(self.one, "sms", "care"), [("postpone", "cap")]
            )
        # a withdrawal from before the clock was set back still holds
        self._agree(self.one, purpose="care", granted=False)
        with self._at("2026-03-02 01:00:00"):
            self.assertEqual(
                self._verdicts(self.one, "sms", "care"), [("skip", "withdrawn")]
            )

    # ----------------------------------------------------------------------- caps
    def _count(self, company, channel, address, day, hits):
        self.counters.create(
            {
                "company_id": company.id,
                "channel": channel,
                "address": address,
                "day": day,
                "hits": hits,
            }
        )

    def _hits(self, channel="sms"):
        found = self.counters.search(
            [("company_id", "=", self.company.id), ("channel", "=", channel)]
        )
        return {(row.address, row.day): row.hits for row in found}

    def test_so_many_a_day_and_no_more(self):
        self._set_line(purpose="care", cap=3)
        for _time in range(3):
            self.assertEqual(self._verdicts(self.people, "sms", "care"), [GO] * 3)
        self.assertEqual(
            self._verdicts(self.people, "sms", "care"), [("postpone", "cap")] * 3
        )
        self.assertEqual(
            self._hits(),
            {(partner.phone_sanitized, DAY): 3 for partner in self.people},
        )
        with self._at("2026-03-02 17:00:00"):  # midnight in Hanoi
            self.assertEqual(self._verdicts(self.people, "sms", "care"), [GO] * 3)

    def test_contacts_with_one_address_share_its_places(self):
        self._set_line(purpose="care", cap=2)
        self.people.phone = "0981 555 555"
        self.assertEqual(
            self._verdicts(self.people, "sms", "care"), [GO, GO, ("postpone", "cap")]
        )
        self.assertEqual(self._hits(), {("+84981555555", DAY): 2})

    def test_the_day_is_that_of_the_customer(self):
        self._set_line(purpose="care", cap=1)
        self.one.tz = "America/New_York"
        with self._at("2026-03-02 01:00:00"):  # 08:00 in Hanoi, 20:00 of the day before
            self._decide(self.one | self.two, "sms", "care")
        self.assertEqual(
            self._hits(),
            {
                (self.one.phone_sanitized, date(2026, 3, 1)): 1,
                (self.two.phone_sanitized, DAY): 1,
            },
        )

    def test_purposes_share_the_day_each_up_to_its_own_limit(self):
        self._set_line(purpose="promotion", cap=1)
        self._set_line(purpose="care", cap=2)
        self._agree(self.one)
        self.assertEqual(self._verdicts(self.one, "sms", "care"), [GO])
        self.assertEqual(self._verdicts(self.one), [("postpone", "cap")])
        self.assertEqual(self._verdicts(self.one, "sms", "care"), [GO])
        self.assertEqual(self._verdicts(self.one, "sms", "care"), [("postpone", "cap")])
        # what has no limit is neither held back nor counted
        for _time in range(5):
            self.assertEqual(self._verdicts(self.one, "sms", "transactional"), [GO])
        self.assertEqual(self._hits(), {(self.one.phone_sanitized, DAY): 2})

    def test_who_is_refused_takes_no_place(self):
        self._set_line(cap=1)
        self._agree(self.one)
        self._create_ticket(partner_id=self.one.id, kind="complaint")
        self._decide(self.people)
        self.assertEqual(self._hits(), {})

    def test_a_full_day_waits_for_the_next_within_the_hours(self):
        self._set_line(purpose="care", hours=(7, 22), cap=1)
        self._decide(self.one, "sms", "care")
        self.assertEqual(
            self._until(self.one, NOON, "sms", "care"), datetime(2026, 3, 3, 0, 0)
        )

    def test_patience_ends(self):
        """Due on the 2nd with three days of patience: the 5th is the last try."""
        self._set_line(purpose="care", cap=1)
        due = datetime.fromisoformat(NOON)
        for day, expected in (
            (2, ("postpone", "cap")),
            (3, ("postpone", "cap")),
            (4, ("postpone", "cap")),
            (5, ("skip", "cap_over")),
        ):
            with self.subTest(day), self._at(f"2026-03-{day:02} 03:00:00"):
                self._decide(self.one, "sms", "care")  # somebody else's message
                self.assertEqual(
                    self._verdicts(self.one, "sms", "care", due=due), [expected]
                )

    def test_without_patience_nothing_waits_for_a_free_day(self):
        self.limit.patience_days = 0
        self._set_line(purpose="care", cap=1)
        self._decide(self.one, "sms", "care")
        self.assertEqual(
            self._verdicts(self.one, "sms", "care"), [("skip", "cap_over")]
        )

    def test_each_message_has_its_own_due_date(self):
        self._set_line(purpose="care", cap=1)
        self._decide(self.people, "sms", "care")
        due = {self.one.id: datetime.fromisoformat(NOON) - timedelta(days=9)}
        self.assertEqual(
            self._verdicts(self.people, "sms", "care", due=due),
            [("skip", "cap_over"), ("postpone", "cap"), ("postpone", "cap")],
        )

    def test_a_place_that_is_gone_is_an_error_to_try_again(self):
        """What the statement itself refuses, whatever was read before."""
        key = (self.one.phone_sanitized, DAY)
        self.counters._take(self.company, "sms", {key: 2}, 2)
        with self.assertRaises(ConcurrencyError):
            self.counters._take(self.company, "sms", {key: 1}, 2)

    def test_days_that_are_over_are_forgotten(self):
        for ago in (0, 3, 4, 30):
            self._count(self.company, "sms", "+841", DAY - timedelta(days=ago), 1)
        self.counters._gc_days()
        days = {day for _address, day in self._hits()}
        self.assertEqual(days, {DAY, DAY - timedelta(days=3)})

    def test_forgotten_people_leave_no_address(self):
        self._set_line("sms", "care", cap=1)
        self._set_line("email", "care", cap=1)
        for channel in ("sms", "email"):
            self._decide(self.one | self.two, channel, "care")
        self.counters._care_forget_partners(self.one)
        for channel, name in (("sms", "phone_sanitized"), ("email", "email")):
            self.assertEqual(self._hits(channel), {(self.two[name], DAY): 1})

    # -------------------------------------------------------------------- preview
    def test_a_preview_writes_nothing(self):
        self._set_line(purpose="care", cap=2)
        self.people.phone = "0981 555 555"
        writes = []
        execute = type(self.env.cr).execute

        def watch(cr, query, *args, **kwargs):
            text = getattr(query, "code", query)
            if not text.lstrip().upper().startswith("SELECT"):
                writes.append(text)
            return execute(cr, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(type(self.env.cr), "execute", watch):
            found = self._verdicts(self.people, "sms", "care", reserve=False)
        self.assertEqual(found, [GO, GO, ("postpone", "cap")])
        self.assertEqual(writes, [])
        self.assertEqual(self._hits(), {})

    # ------------------------------------------------------------------------ log
    def test_refusals_are_logged_with_their_reason(self):
        self._set_line(hours=(12, 22))
        self._agree(self.one | self.two)
        self._agree(self.two, granted=False)
        found = self._decide(self.people)
        rows = self.gate._log_decisions(
            self.company,
            "sms",
            "promotion",
            found,
            source_model="res.partner",
            source_id=7,
        )
        self.assertRecordValues(
            rows,
            [
                {
                    "partner_id": self.one.id,
                    "state": "postponed",
                    "reason": "quiet_hours",
                    "until": datetime(2026, 3, 2, 5, 0),
                    "address": self.one.phone_sanitized,
                    "purpose": "promotion",
                    "source_id": 7,
                    "is_by_hand": False,
                },
                {
                    "partner_id": self.two.id,
                    "state": "refused",
                    "reason": "withdrawn",
                    "until": False,
                    "address": self.two.phone_sanitized,
                    "purpose": "promotion",
                    "source_id": 7,
                    "is_by_hand": False,
                },
                {
                    "partner_id": self.three.id,
                    "state": "refused",
                    "reason": "no_consent",
                    "until": False,
                    "address": self.three.phone_sanitized,
                    "purpose": "promotion",
                    "source_id": 7,
                    "is_by_hand": False,
                },
            ],
        )

    def test_every_reason_has_words(self):
        """What the gate can say is what the log can keep, and nothing else is kept."""
        codes = {code for code, _words in REASONS}
        said = set()
        for name in self.gate._get_checks():
            code = getattr(type(self.gate), name).__code__
            said.update(item for item in code.co_consts if item in codes)
        said |= {"gone", "cap", "cap_over"}
        self.assertEqual(said, codes)

    # --------------------------------------------------------------------- checks
    def test_features_put_their_checks_in_front(self):
        self._agree(self.people)
        gate = self.registry["care.gate"]
        seen = []
        own = self.gate._get_checks()

        def check(_gate, batch):
            seen.append((dict(batch.subjects), list(batch.waiting)))
            batch.skip(self.one.id, "archived")

        with (
            patch.object(gate, "_check_sample", check, create=True),
            patch.object(gate, "_get_checks", lambda _gate: ["_check_sample", *own]),
        ):
            found = self._verdicts(self.people, subjects={self.one.id: "case"})
        self.assertEqual(found, [("skip", "archived"), GO, GO])
        self.assertEqual(seen, [({self.one.id: "case"}, self.people.ids)])

    def test_the_order_of_the_checks_is_that_of_the_design(self):
        self.assertEqual(
            self.gate._get_checks(),
            [
                "_check_contact",
                "_check_consent",
                "_check_blacklist",
                "_check_suppressed",
                "_check_address",
                "_check_complaint",
                "_check_hours",
                "_check_cap",
            ],
        )

    # ----------------------------------------------------------------------- cost
    def test_cost_does_not_depend_on_how_many_they_are(self):
        crowd = self.env["res.partner"].create(
            [
                {
                    "name": f"Đám đông {number}",
                    "email": f"dong{number}@gate.test",
                    "phone": f"+8498200{number:04}",
                    "tz": ("Asia/Tokyo", False, "Europe/Paris")[number % 3],
                }
                for number in range(300)
            ]
        )
        for channel in ("email", "sms"):
            self._agree(crowd, channel)
            self._set_line(channel, hours=(0, 23.5), cap=3)
        counts = {}
        for channel in ("email", "sms"):
            for many in (2, 300, 2):  # what is read once and for all is read then
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                found = self._decide(crowd[:many], channel)
                counts[channel, many] = self.env.cr.sql_log_count - before
                self.assertEqual(len(found), many)
            self.assertEqual(counts[channel, 2], counts[channel, 300])
            # company, line, sheet; contacts, answers, refused addresses, blacklist,
            # suppression list and its salt, complaints, places taken, places to take
            self.assertLessEqual(counts[channel, 300], 12)
