"""The page behind a question: what answers, what does not, and what it shows."""

from datetime import timedelta

from odoo.fields import Datetime
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib import signed
from ..portal.common import XSS, PortalHttpCase, select
from .common import FeedbackCommon


@tagged("post_install", "-at_install", "care_feedback")
class TestAnswering(PortalHttpCase, FeedbackCommon):
    def setUp(self):
        super().setUp()
        self.row = self._sent()
        self.path = self.row._get_path()

    def _press(self, score="4", minutes=1, path=None, row=None, **values):
        """Send the form as a browser does, with a stamp drawn some minutes ago."""
        row = row or self.row
        data = {
            "csrf_token": self._csrf(),
            "stamp": self._stamp(row._get_form(), minutes),
            "score": score,
            **values,
        }
        data = {name: value for name, value in data.items() if value is not None}
        return self.url_open(path or self.path, data=data, allow_redirects=False)

    def _assert_unanswered(self, row=None):
        row = row or self.row
        row.invalidate_recordset()
        self.assertIsNone(row.score)
        self.assertIn(row.state, ("sent", "opened"))

    # ------------------------------------------------------------------ what a GET does

    def test_get_never_writes(self):
        for path in [*self._links(self.row), f"{self.path}?score=1&comment=x"]:
            path = "/f/" + path.rpartition("/f/")[2]
            page = self._page(path)
            self.assertTrue(select(page, "form.o_care_feedback_form"))
        self.url_open(self.path, method="HEAD")
        self._assert_unanswered()
        self.assertEqual(self.row.state, "sent")
        self.assertFalse(self.row.opened_on)

    def test_score_of_the_link_is_chosen_already(self):
        page = self._page(f"{self.path}?score=4")
        chosen = select(page, "input[checked]")
        self.assertEqual([node.get("value") for node in chosen], ["4"])
        for word in ("9", "x", "-1", "", "4;5", "<b>"):
            page = self._page(f"{self.path}?score={word}")
            self.assertFalse(select(page, "input[checked]"), word)

    def test_page_says_for_whom_and_no_more(self):
        page = self._page(self.path)
        ticket = self.row.ticket_id
        text = self._text(page)
        self.assertIn(f"#{ticket.number}", text)
        self.assertIn("Mai", text)
        self.assertNotIn(ticket.name, self.response.text)
        self.assertNotIn(self.customer.email_normalized, self.response.text)
        self.assertEqual(self.response.headers["Referrer-Policy"], "no-referrer")
        self.assertIn("no-store", self.response.headers["Cache-Control"])

    # ------------------------------------------------------------------ a person's press

    def test_a_press_counts(self):
        response = self._press(
            "5", comment="Rất tốt", choice=str(self.survey.choice_ids[0].id)
        )
        self.assertEqual(response.status_code, 303)
        row = self.row
        row.invalidate_recordset()
        self.assertEqual((row.score, row.state), (5, "answered"))
        self.assertEqual((row.comment, row.choice_id.name), ("Rất tốt", "Speed"))
        self.assertTrue(row.is_good and not row.is_low)
        self.assertEqual(row.answer_channel, "email")
        rated = row.ticket_id.event_ids.filtered(lambda e: e.kind == "rated")
        self.assertEqual(rated.mapped("actor"), ["customer"])
        self.assertTrue(row.ticket_id.solved_on, "an answer opens nothing again")
        self.assertEqual(row.ticket_id._find_state_differences(), {})
        page = self._page(self.path)
        self.assertTrue(select(page, ".o_care_answered"))
        self.assertIn("We read it.", self._text(page))

    def test_zero_is_an_answer(self):
        self.company.care_feedback_quiet_days = 0
        self.env["care.consent"]
        self.customer_two._care_set_consent(
            "email", "promotion", True, "hand", "Nói tại quầy"
        )
        row = self.feedback._ask_partners(self.nps, self.customer_two, self.company)
        self._run()
        self.assertEqual(row.state, "sent")
        self.assertIn("/u/", self._mail(row).body_html, "a way to refuse")
        self._press("0", path=row._get_path(), row=row)
        row.invalidate_recordset()
        self.assertEqual((row.score, row.is_low), (0.0, True))

    def test_first_answer_is_final(self):
        self._press("5", comment="one")
        response = self._press("1", comment="two")
        self.assertEqual(response.status_code, 200)
        self.row.invalidate_recordset()
        self.assertEqual((self.row.score, self.row.comment), (5, "one"))
        rated = self.row.ticket_id.event_ids.filtered(lambda e: e.kind == "rated")
        self.assertEqual(len(rated), 1)

    # ------------------------------------------------------------------ programs

    @mute_logger("odoo.http")
    def test_programs_do_not_vote(self):
        other = self._sent(partner_id=self.customer_two.id)
        foreign = self._stamp(other._get_form())
        for values in (
            {"stamp": None},
            {"stamp": "x"},
            {"stamp": foreign},
            {"stamp": self._stamp("contact")},
            {"csrf_token": "x"},
            {"csrf_token": None},
            {"contact_again": "x"},
            {"state": "answered"},
        ):
            response = self._press(**values)
            self.assertIn(response.status_code, (400, 422), values)
            self._assert_unanswered()
        response = self._press(minutes=0)
        self.assertEqual(response.status_code, 422, "within the second")
        self._assert_unanswered()

    def test_old_page_is_drawn_anew_with_what_was_typed(self):
        response = self._press("2", minutes=61, comment="Chờ lâu")
        self.assertEqual(response.status_code, 422)
        self.assertIn("Chờ lâu", response.text)
        self.assertIn('checked="checked"', response.text)
        self._assert_unanswered()

    def test_stamp_of_a_page_is_good_once_it_was_withdrawn_no_more(self):
        stamp = self._stamp(self.row._get_form())
        self.row.link_version += 1
        response = self._press(stamp=stamp)
        self.assertEqual(response.status_code, 404)
        response = self._press(stamp=stamp, path=self.row._get_path())
        self.assertEqual(response.status_code, 422)
        self._assert_unanswered()

    def test_limit(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("customer_care.limit_feedback", "2")
        for status in (422, 422, 429):
            self.assertEqual(self._press("").status_code, status)
        self._assert_unanswered()

    # ------------------------------------------------------------------ bad input

    def test_bad_input(self):
        long = "x" * 4001
        for values, words in (
            ({"score": ""}, "Please choose a number from 1 to 5"),
            ({"score": "6"}, "Please choose"),
            ({"score": "0"}, "Please choose"),
            ({"score": "4.5"}, "Please choose"),
            ({"score": "5 OR 1=1"}, "Please choose"),
            ({"comment": long}, "longer than 4000"),
            ({"choice": "999999"}, "not on the list"),
            ({"choice": "x"}, "not on the list"),
        ):
            response = self._press(**values)
            self.assertEqual(response.status_code, 422, values)
            self.assertIn(words, response.text)
            self._assert_unanswered()
        self.assertEqual(self.row.state, "opened", "a person was here")

    def test_words_are_words(self):
        self._press("1", comment="".join(XSS))
        self.row.invalidate_recordset()
        note = self.row.activity_id.note
        self.assertNotIn("<script", note)
        self.assertNotIn("<img", note)

    # ------------------------------------------------------------------ links

    def test_links_that_open_nothing(self):
        for token in ("x", "x" * 24, self.path[3:-1] + "!", "%00", "…"):
            self.assertEqual(self.url_open(f"/f/{token}").status_code, 404, token)
        conversation = self.row.ticket_id._get_conversation_token()
        self.assertEqual(self.url_open(f"/f/{conversation}").status_code, 404)
        self.assertEqual(self.url_open(f"/help/t/{self.path[3:]}").status_code, 404)

    def test_late(self):
        self.row.expires_on = Datetime.now() - timedelta(minutes=1)
        page = self._page(self.path, 410)
        self.assertTrue(select(page, ".o_care_late a[href='/help/contact']"))
        self.assertEqual(self._press().status_code, 410)
        self._assert_unanswered()

    def test_taken_back(self):
        self.row._take_back("by_hand")
        page = self._page(self.path, 410)
        self.assertTrue(select(page, ".o_care_shut"))
        self._press()
        self.row.invalidate_recordset()
        self.assertIsNone(self.row.score)

    def test_our_own_people_do_not_answer(self):
        self.authenticate("care_team", "care_team")
        page = self._page(self.path)
        self.assertFalse(select(page, "form.o_care_feedback_form"))
        self._press("5")
        self._assert_unanswered()

    def test_colleague_answers_for_the_customer(self):
        self.authenticate("portal_colleague", "portal_colleague")
        self._press("4")
        self.row.invalidate_recordset()
        self.assertEqual((self.row.score, self.row.partner_id), (4, self.customer))

    def test_page_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.customer.lang = "vi_VN"
        self.survey.with_context(lang="vi_VN").question = "Anh chị có hài lòng không?"
        self.assertIn("Anh chị có hài lòng không?", self._text(self._page(self.path)))

    def test_link_ends_with_its_row(self):
        secret = self.env["care.ticket"]._get_link_secret()
        ref, version, ends = signed.read_survey(secret, self.path[3:])
        self.assertEqual((ref, version), (self.row.id, 1))
        self.assertEqual(ends, self.row.expires_on.date())

    # ------------------------------------------------------------------ conversation

    def test_conversation_asks_too(self):
        ticket, row = self._solved(partner_id=self.customer_two.id)
        page = self._page(ticket._get_conversation_path())
        form = select(page, ".o_care_conversation_feedback form")[0]
        self.assertEqual(form.get("action"), row._get_path())
        self._press("4", path=form.get("action"), row=row, via="portal")
        row.invalidate_recordset()
        self.assertEqual((row.state, row.answer_channel), ("answered", "portal"))
        self.assertTrue(row.sent_on)
        kinds = ticket.event_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds[-2:], ["survey_sent", "rated"])
        row.due_on = Datetime.now()
        self._run()
        self.assertFalse(self._mail(row), "nobody is asked twice")
        page = self._page(ticket._get_conversation_path())
        self.assertFalse(select(page, ".o_care_conversation_feedback"))

    def test_conversation_of_an_open_ticket_asks_nothing(self):
        ticket = self.row.ticket_id
        ticket.action_reopen()
        page = self._page(ticket._get_conversation_path())
        self.assertFalse(select(page, ".o_care_conversation_feedback"))
