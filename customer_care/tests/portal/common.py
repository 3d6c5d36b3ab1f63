"""Visitors, forms and pages, shared by the tests of portal and contact form."""

import io
import re
from datetime import timedelta

from lxml import html

from odoo import fields
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user
from odoo.tools import SQL

from ...lib import signed
from ..common import CareCommon

#: Payloads that must show as text, or not come in at all, wherever they are typed.
XSS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "'><iframe src=javascript:alert(1)></iframe>",
    '<a href="javascript:alert(1)">x</a>',
    "<body onload=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    '<t t-out="env.cr"/>',
    "\u202e<script>alert(1)</script>",
)
#: Start of a real picture, enough for every sniffer.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


_PART = re.compile(
    r"""(?P<tag>^[a-z]+[0-9]?)|\.(?P<cls>[\w-]+)|\#(?P<id>[\w-]+)"""
    r"""|\[(?P<name>[\w-]+)(?:='(?P<value>[^']*)')?\]"""
)


def select(node, selector):
    """Return what a selector of tags, classes, ids and attributes finds, in order.

    A selector of CSS in its small: ``form[action='/x'] .a.b input[required], p``.
    """
    paths = []
    for alternative in selector.split(","):
        path = "."
        for step in alternative.split():
            tag, tests = "*", ""
            for part in _PART.finditer(step):
                tag = part["tag"] or tag
                if part["cls"]:
                    words = "concat(' ', normalize-space(@class), ' ')"
                    tests += f"[contains({words}, ' {part['cls']} ')]"
                elif part["id"]:
                    tests += f"[@id='{part['id']}']"
                elif part["name"] and part["value"] is None:
                    tests += f"[@{part['name']}]"
                elif part["name"]:
                    tests += f"[@{part['name']}='{part['value']}']"
            path += f"//{tag}{tests}"
        paths.append(path)
    return node.xpath("|".join(paths))


class PortalCommon(CareCommon):
    """Two colleagues of one company, and customers who are strangers to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls.env["res.partner"].create(
            {"name": "Công ty Hoa Sen", "is_company": True}
        )
        cls.customer.parent_id = cls.firm
        cls.user_colleague = cls._create_portal_user("portal_colleague", cls.firm)
        cls.user_stranger = cls._create_portal_user("care_stranger")
        cls.category = cls.env["care.ticket.category"].create(
            {"name": "Giao hàng", "team_id": cls.second_team.id}
        )
        cls.company.care_form_team_id = cls.team
        cls.tickets = cls.env["care.ticket"]

    @classmethod
    def _create_portal_user(cls, login, parent=None):
        user = new_test_user(
            cls.env,
            login=login,
            groups="base.group_portal",
            name=f"Khách {login}",
            email=f"{login}@care.test",
        )
        user.partner_id.parent_id = parent
        return user

    @classmethod
    def _create_told_ticket(cls, **values):
        """Create a ticket with a request, an answer with a file, a note with a file."""
        ticket = cls._create_ticket(**values)
        cls._say(ticket, "Máy giặt của tôi hỏng", ticket.partner_id)
        agent = cls.user_team.partner_id
        picture, secret = [("huong-dan.png", PNG)], [("noi-bo.txt", b"BI MAT")]
        cls.answer = cls._say(ticket, "Chúng tôi xem ngay", agent, attachments=picture)
        cls.note = cls._say(
            ticket,
            "BÍ MẬT: khách khó tính",
            agent,
            subtype_xmlid="mail.mt_note",
            attachments=secret,
        )
        return ticket

    @classmethod
    def _say(cls, ticket, text, author, **values):
        """Post ``text`` in the name of a contact, publicly if nothing else is said."""
        values.setdefault("message_type", "comment")
        values.setdefault("subtype_xmlid", "mail.mt_comment")
        return ticket.message_post(body=text, author_id=author.id, **values)

    def _count_written(self):
        """Return how many rows there are of everything a form could write."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        tables = (
            "care_ticket",
            "care_ticket_event",
            "mail_message",
            "mail_mail",
            "res_partner",
            "care_form_stamp",
        )
        counts = {
            table: self.env.execute_query(
                SQL("SELECT count(*) FROM %s", SQL.identifier(table))
            )[0][0]
            for table in tables
        }
        files = self.env["ir.attachment"].sudo().with_context(active_test=False)
        counts["ir_attachment"] = files.search_count(
            ["|", ("url", "=", False), ("url", "not like", "/web/assets/%")]
        )
        return counts


class PortalHttpCase(HttpCase, PortalCommon):
    """Pages as a browser without JavaScript sees and sends them."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def _stamp(self, form, minutes=1):
        """Return a stamp of ``form`` that was drawn some minutes ago."""
        return signed.make_stamp(
            self.tickets._get_link_secret(),
            form,
            fields.Datetime.now() - timedelta(minutes=minutes),
        )

    def _page(self, path, status=200, **options):
        """Open a page and return it parsed; its status is asserted."""
        response = self.url_open(path, **options)
        self.assertEqual(response.status_code, status, response.text[:2000])
        page = html.fromstring(response.text)
        page.response = None
        self.response = response
        return page

    def _text(self, page, selector=".o_care_page"):
        """Return the visible words of the first match, with single spaces."""
        found = select(page, selector)
        return " ".join(found[0].text_content().split()) if found else ""

    def _csrf(self):
        """Return the token of this visitor, for requests without a page before them."""
        return Request.csrf_token(self)

    def _hidden(self, page, action):
        """Return the hidden fields of the form of a page that posts to ``action``."""
        form = select(page, f"form[action='{action}']")[0]
        return {
            field.get("name"): field.get("value")
            for field in select(form, "input[type='hidden']")
        }

    def _send(self, path, values=None, *, page=None, stamp=None, files=None, **options):
        """Send the form of ``path``, or that of the page ``page`` with this action.

        :param dict values: fields beside the hidden ones; None takes one away
        :param str stamp: name of the form, to use a stamp a minute old
        :param list files: of (name, bytes)
        """
        drawn = self._page(page or path)
        sent = self._hidden(drawn, path)
        if stamp:
            sent["stamp"] = self._stamp(stamp)
        sent.update(values or {})
        sent = {name: value for name, value in sent.items() if value is not None}
        body = [
            ("files", (name, io.BytesIO(content))) for name, content in files or []
        ] or None
        options.setdefault("allow_redirects", False)
        self.response = self.url_open(path, data=sent, files=body, **options)
        return self.response

    def _assert_refused(self, response, sentence, status=422):
        self.assertEqual(response.status_code, status, response.text[:3000])
        page = html.fromstring(response.text)
        self.assertIn(sentence, self._text(page))
        return page

    def _assert_harmless(self, response):
        """Assert that a page holds no element or attribute that a visitor could send."""
        page = html.fromstring(response.text)
        body = select(page, "#wrap")[0]
        self.assertFalse(
            select(body, "script, iframe, object, embed, base, meta, link")
        )
        for element in body.iter():
            if not isinstance(element.tag, str):
                continue
            for name, value in element.attrib.items():
                self.assertFalse(name.startswith("on"), f"{element.tag} {name}")
                if name in ("href", "src", "action"):
                    self.assertNotIn("javascript:", value.lower())
        self.assertNotIn("49 49", self._text(page))
