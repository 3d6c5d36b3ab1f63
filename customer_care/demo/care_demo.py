import random
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, models

from ..lib.internal import INTERNAL
from . import board, conversations, feedback, inbox, plan, ways
from .shop import create_orders
from .storyteller import Storyteller
from .vietnamese import VIETNAMESE

#: Nothing of the past is told to anybody: no tracking, no followers, no notification.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
}
LANGUAGE = "vi_VN"


class CareDemo(models.AbstractModel):
    """Fills the demo company with a past: orders of a year, tickets of 90 days.

    Called once, by the last demo file. XML and CSV hold what does not depend on the day;
    what happened relative to today is played here through the same methods that people
    and mails use, with the clock of the transaction set to the moment of each step, so
    that the history of a ticket is written by the code that writes it in real life.
    Random numbers are seeded: the same day gives the same company.
    """

    _name = "care.demo"
    _description = "Demo Company"

    @api.model
    def _load(self):
        """Create orders, tickets and reminders; does nothing where tickets exist."""
        company = self.env.ref("customer_care.demo_company")
        if self.env["care.ticket"].search_count(
            [("company_id", "=", company.id)], limit=1
        ):
            return
        demo = self.with_context(allowed_company_ids=company.ids, **QUIET)
        now = demo.env.cr.now().replace(microsecond=0)
        rng = random.Random("sao-la")
        demo._set_languages(company)
        demo._set_care_stages()
        demo._set_birthdays(company)
        orders = create_orders(demo.env, rng, now, demo._at)
        told = conversations.load()
        storyteller = Storyteller(demo.env, rng, now, told, orders, demo._at)
        for telling in plan.tellings(rng, now, told):
            storyteller.tell(telling)
        storyteller.schedule_reminders()
        demo._set_moods(company)
        spoken = self.env["res.lang"]._lang_get(LANGUAGE)
        ways.tell(demo.env, now)
        inbox.receive(demo.with_context(lang=spoken.code or "en_US").env, now)
        demo._know_customers(company)
        demo.env["care.ticket"].search(
            [("company_id", "=", company.id), ("is_open", "=", True)]
        )._update_urgency()
        board.tell(demo.env, company, now, demo._at)
        feedback.tell(demo.env, company, now, demo._at)
        demo.env.flush_all()

    @contextmanager
    def _at(self, moment):
        """Set the clock of the transaction to ``moment``, naive UTC.

        Everything that Odoo writes meanwhile carries that time: the dates of a record
        and the events of a ticket.
        """
        cursor = self.env.cr
        before = cursor._now
        cursor._now = moment
        try:
            yield
        finally:
            cursor._now = before

    @api.model
    def _know_customers(self, company):
        """Fill profiles, care stages and segments, as the nightly jobs do."""
        silent = self.with_context(care_silent=INTERNAL)
        silent.env["care.profile"]._refresh_all(company)
        segments = silent.env["care.segment"].search([("company_id", "=", company.id)])
        for segment in segments._in_order(segments):
            segment._refresh_and_note()
        while any(silent.env["care.touch"]._take()):  # all of it is known now
            continue

    @api.model
    def _set_languages(self, company):
        """Speak Vietnamese where that language is on: names, people, customers."""
        if not self.env["res.lang"]._lang_get(LANGUAGE):
            return
        for model, fields in VIETNAMESE.items():
            for field, names in fields.items():
                for name, text in names.items():
                    record = self.env.ref(f"customer_care.demo_{name}")
                    assert record._name == model
                    record.with_context(lang=LANGUAGE)[field] = text
        partners = (
            self.env["res.partner"].search([("company_id", "=", company.id)])
            | self.env["res.users"].search([("company_id", "=", company.id)]).partner_id
            | company.partner_id
        )
        partners -= self.env.ref("base.partner_admin") | self.env.ref(
            "base.public_partner"
        )
        foreigners = plan.foreigners(self.env)
        (partners - foreigners).lang = LANGUAGE
        # a database that was made in Vietnamese gives everybody that language
        if self.env["res.lang"]._lang_get("en_US"):
            foreigners.lang = "en_US"

    @api.model
    def _set_moods(self, company):
        """Note who is angry, as the people did who tagged the tickets so."""
        tag = self.env.ref("customer_care.demo_tag_angry")
        self.env["care.ticket"].search(
            [("company_id", "=", company.id), ("tag_ids", "in", tag.ids)]
        ).mood = "angry"

    @api.model
    def _set_birthdays(self, company):
        """Have some birthdays near, whatever day it is."""
        today = self.env["care.profile"]._today(company)
        for name, (days, year) in plan.BIRTHDAYS.items():
            customer = plan.customer(self.env, name)
            customer.care_birthday = (today + timedelta(days=days)).replace(year=year)

    @api.model
    def _set_care_stages(self):
        """Say by hand where each customer stands."""
        for code, names in plan.CARE_STAGES.items():
            stage = self.env.ref(f"customer_care.care_stage_{code}")
            for name in names.split():
                customer = plan.customer(self.env, name)
                customer.with_context(care_stage_moved=INTERNAL).care_stage_id = stage
