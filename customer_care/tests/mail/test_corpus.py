import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from lxml import html as lxml_html

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...lib import mail_quote
from .common import CareMailCommon
from .corpus_table import EXPECTED

FOLDER = Path(__file__).parent / "corpus"
#: What the sanitiser must not let through, in any body.
ACTIVE = re.compile(
    r"<(?:script|iframe|object|embed|form|input|style)\b|\son\w+\s*=|javascript:",
    re.IGNORECASE,
)

ANSWER = "Chúng tôi đã sửa xong."


@tagged("post_install", "-at_install")
class TestCorpus(CareMailCommon):
    """Every mail of ``corpus/`` through Odoo's gateway entry, against the table."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer_two.email = "hung@customer.test"
        cls.prepared = cls._create_ticket(
            name="Máy giặt của anh Hùng",
            partner_id=cls.customer_two.id,
            email_cc="Kế Toán <accounts@customer.test>",
        )
        cls.answer = cls.prepared.with_user(cls.user_lead).message_post(
            body=ANSWER,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        cls.answer.message_id = "<agent-answer@care.example>"
        cls.env["mail.alias"].create(
            {
                "alias_name": "partners-only",
                "alias_domain_id": cls.domain.id,
                "alias_model_id": cls.env["ir.model"]._get_id("care.ticket"),
                "alias_parent_model_id": cls.env["ir.model"]._get_id("care.team"),
                "alias_parent_thread_id": cls.team.id,
                "alias_defaults": {"team_id": cls.team.id},
                "alias_contact": "partners",
            }
        )

    def _deliver_all(self):
        """Deliver the corpus; return name → rows of the inbox that it made."""
        mark = self.prepared._get_mark().encode()
        rows = {}
        inbound = self.env["care.inbound"]
        known = inbound.search([])
        # core warns of half a base64 block, of which there is one
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            for path in sorted(FOLDER.glob("*.eml")):
                self._deliver(path.read_bytes().replace(b"{mark}", mark))
                rows[path.stem] = inbound.search([]) - known
                known |= rows[path.stem]
        return rows

    def _read_new_text(self, message):
        """Return what the sender wrote, read from the stored body; banner left out."""
        root = lxml_html.fragment_fromstring(message.body or "<p/>", create_parent=True)
        for banner in root.xpath("//p[em][position()=1]"):
            banner.drop_tree()
        return mail_quote.new_text(lxml_html.tostring(root, encoding="unicode"))

    def test_whole_corpus(self):
        """Each mail ends as the table says, and the sums are right."""
        before = self.env["care.ticket"].search_count([])
        rows = self._deliver_all()
        self.assertEqual(set(rows), set(EXPECTED), "corpus and table differ")
        for name, expected in EXPECTED.items():
            with self.subTest(mail=name):
                self._check(name, expected, rows[name])
        self._check_accounts(rows, before)
        self._check_conversation(rows)
        self._check_people(rows)

    def _check(self, name, expected, inbound):
        self.assertEqual(len(inbound), expected.rows, "rows of the inbox")
        for row in inbound:
            self.assertEqual(row.state, expected.state, row.error)
            self.assertEqual(row.outcome or "", expected.outcome)
            self.assertEqual(bool(row.reason), expected.state != "done")
            self.assertTrue(row._read_source(), "the raw mail is kept")
        ticket, message = inbound[0].ticket_id, inbound[0].mail_message_id
        if expected.state != "done":
            self.assertFalse(ticket)
            return
        self.assertTrue(message)
        if expected.outcome == "ticket":
            subject = expected.subject
            self.assertEqual(
                ticket.name, f"Yêu cầu {name}" if subject is None else subject
            )
            files = sorted(message.attachment_ids.mapped("name"))
            self.assertEqual(files, sorted(expected.files))
        else:
            self.assertEqual(ticket, self.prepared)
        if expected.new_text is not None:
            self.assertEqual(self._read_new_text(message), expected.new_text)
        self.assertFalse(ACTIVE.search(message.body or ""), message.body)
        receipts = ticket.message_ids.filtered(
            lambda m: m.message_type == "auto_comment"
        )
        if expected.outcome == "ticket":
            self.assertEqual(len(receipts), int(expected.receipt), "receipts")

    def _check_accounts(self, rows, before):
        """Nothing is lost and nothing is doubled: the sums of the table and of the database."""
        everything = self.env["care.inbound"].browse(
            [row.id for inbound in rows.values() for row in inbound]
        )
        wanted, found = Counter(), Counter()
        for expected in EXPECTED.values():
            wanted[expected.outcome or expected.state] += expected.rows
        for row in everything:
            found[row.outcome or row.state] += 1
        self.assertEqual(found, wanted)
        self.assertEqual(
            sum(found.values()), len(EXPECTED) + 1
        )  # one for two companies
        made = self.env["care.ticket"].search_count([]) - before
        self.assertEqual(made, wanted["ticket"])
        self.assertEqual(len(everything.filtered("ticket_id").ticket_id), made + 1)
        posted = self.prepared.message_ids.filtered(
            lambda m: m in everything.mail_message_id
        )
        kept = ("reply", "note", "automatic", "report")
        self.assertEqual(len(posted), sum(wanted[outcome] for outcome in kept))

    def _check_conversation(self, rows):
        """Who is seen by the customer, and what counts as an answer."""
        agent = rows["reply_agent"].mail_message_id
        self.assertEqual(agent.author_id, self.user_lead.partner_id)
        self.assertFalse(agent.is_internal)
        self.assertTrue(
            agent.notification_ids.filtered(
                lambda n: n.res_partner_id == self.customer_two
            )
        )
        for name in EXPECTED:
            if EXPECTED[name].outcome in ("note", "automatic", "report"):
                message = rows[name].mail_message_id
                self.assertTrue(message.subtype_id.internal, name)
                told = message.notification_ids.res_partner_id
                self.assertFalse(told.filtered("partner_share"), name)
                self.assertFalse(
                    message.notification_ids.filtered("mail_email_address"), name
                )
        spoofed = rows["reply_spoofed_agent"].mail_message_id
        self.assertFalse(spoofed.author_id)
        self.assertIn("Unverified sender", spoofed.body)
        kinds = {
            event.message_id: event.kind for event in self.prepared.sudo().event_ids
        }
        self.assertEqual(kinds[agent], "agent_message")
        self.assertEqual(
            kinds[rows["reply_gmail_vi"].mail_message_id], "customer_message"
        )
        self.assertEqual(
            kinds[rows["reply_participant"].mail_message_id], "customer_message"
        )
        self.assertEqual(kinds[spoofed], "note")
        self.assertEqual(
            kinds[rows["ooo_outlook_vi"].mail_message_id], "automatic_message"
        )
        self.assertFalse(self.prepared._find_state_differences())

    def _check_people(self, rows):
        """Who asked whom, inline pictures, and the failure on the ticket."""
        self.assertEqual(rows["two_aliases"].ticket_id.team_id, self.team)
        self.assertEqual(
            rows["two_aliases_cc_first"].ticket_id.team_id, self.second_team
        )
        self.assertEqual(
            rows["two_companies"].ticket_id.company_id,
            self.company | self.other_company,
        )
        names = {name: rows[name].ticket_id for name in rows}
        self.assertEqual(names["words_in_quotes"].partner_name, "Lê Văn Tám")
        self.assertEqual(
            names["web_form"].email_from, '"Khách Web" <web_form@stranger.test>'
        )
        self.assertFalse(names["forged_customer_new"].partner_id)
        self.assertFalse(names["no_from"].email_from)
        self.assertIn("xn--ca-hng-zva4852b.vn", names["punycode"].email_from)
        inline = rows["related_inline"].mail_message_id
        self.assertIn(f"/web/image/{inline.attachment_ids.id}", inline.body)
        self.assertNotIn("cid:", rows["inline_without_name"].mail_message_id.body)
        note = names["reply_to_differs"].message_ids.filtered(
            lambda m: "other@elsewhere.test" in (m.body or "")
        )
        self.assertTrue(note)
        self.assertIn("hung@customer.test", self.prepared.mail_failure)
        self.assertIn("550 5.1.1", self.prepared.mail_failure)

    def test_corpus_is_what_the_script_makes(self):
        """The mails on disk are the script's, byte for byte."""
        script = Path(__file__).parent / "make_corpus.py"
        with tempfile.TemporaryDirectory() as folder:
            code = (
                "import sys, pathlib; sys.path.insert(0, sys.argv[1]);"
                "import make_corpus; make_corpus.FOLDER = pathlib.Path(sys.argv[2]);"
                "make_corpus.main()"
            )
            subprocess.run(
                [sys.executable, "-B", "-c", code, str(script.parent), folder],
                check=True,
            )
            made = {p.name: p.read_bytes() for p in Path(folder).glob("*.eml")}
        kept = {p.name: p.read_bytes() for p in FOLDER.glob("*.eml")}
        self.assertEqual(set(made), set(kept))
        self.assertFalse([name for name in made if made[name] != kept[name]])
        self.assertGreaterEqual(len(kept), 40)
