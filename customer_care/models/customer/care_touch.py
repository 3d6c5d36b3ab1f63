"""Which customers changed since they were last looked at."""

import logging

from psycopg2 import errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError

from ...lib.internal import INTERNAL, is_internal

_logger = logging.getLogger(__name__)

#: Where the customers of a transaction are gathered until it commits.
NOTED = "customer_care.touched"
BATCH = 5000  # touches that one run takes up in one transaction


class CareTouch(models.Model):
    """A customer whose figures and segments have to be looked at again.

    Written in the transaction of what changed, deleted in the transaction that has
    looked. Rows are never updated, so that no writer waits for another.
    """

    _name = "care.touch"
    _description = "Customer to Look At"
    _log_access = False
    _rec_name = "partner_ref"

    partner_ref = fields.Integer(
        string="Customer", required=True, help="The id of a commercial partner."
    )
    is_silent = fields.Boolean(
        help="Came with an import or another first fill: nothing follows from it."
    )

    @api.model
    def _touch(self, partners):
        """Note that these customers changed; written once, when the caller commits.

        The context key ``care_silent`` (superuser only) says that nothing shall follow.

        :param partners: ``res.partner``; their commercial partners are meant, and they
            themselves, who may have been customers before they joined a company
        """
        silent = bool(self.env.su and is_internal(self.env.context, "care_silent"))
        noted = self.env.cr.precommit.data.get(NOTED)
        if noted is None:
            noted = self.env.cr.precommit.data[NOTED] = {}
            self.env.cr.precommit.add(self._write_noted)
        partners = partners.sudo()
        for ref in (partners | partners.commercial_partner_id)._ids:
            noted[ref] = silent and noted.get(ref, True)

    def _write_noted(self):
        """Write down who was noted in this transaction, in one statement."""
        noted = self.env.cr.precommit.data.pop(NOTED, None)
        if noted:
            refs = sorted(noted)
            self.env.cr.execute(
                "INSERT INTO care_touch (partner_ref, is_silent)"
                " SELECT * FROM unnest(%s, %s)",
                [refs, [noted[ref] for ref in refs]],
            )

    @api.model
    def _take(self, limit=BATCH):
        """Take waiting customers off the list, first thing after a commit.

        :return: two recordsets of ``res.partner``: to be told of, silent ones
        """
        self._write_noted()
        self.env.cr.execute(
            """
            DELETE FROM care_touch WHERE id IN (
                SELECT id FROM care_touch ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
            RETURNING partner_ref, is_silent
            """,
            [limit],
        )
        rows = self.env.cr.fetchall()
        partners = self.env["res.partner"].with_context(active_test=False)
        told = {ref for ref, silent in rows if not silent}
        hushed = {ref for ref, silent in rows} - told
        return partners.browse(told).exists(), partners.browse(hushed).exists()

    @api.model
    def _cron_take_up(self):
        """Look at the customers that changed: profiles, then segments.

        All of one batch in one transaction with its touches: a job that dies or is
        crossed by another leaves the touches for the next run.
        """
        cron = self.env["ir.cron"]
        touches = self.with_user(SUPERUSER_ID)
        while True:
            try:
                told, hushed = touches._take()
                touches._look_at(hushed, silent=True)
                touches._look_at(told, silent=False)
                self.env.flush_all()
            except (ConcurrencyError, errors.SerializationFailure):
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                _logger.info("Customers are looked at by another job just now")
                return
            taken = len(told) + len(hushed)
            if not cron._commit_progress(taken) or not taken:
                break

    @api.model
    def _look_at(self, partners, silent):
        """Bring what is kept of these customers up to date, in every company.

        A company whose profiles were never filled waits for that first fill.

        :raises ConcurrencyError: another job is at the customers of a company
        """
        if not partners:
            return
        companies = self.env["res.company"].search([("care_filled_on", "!=", False)])
        for company in companies:
            looker = self.with_company(company).with_context(
                allowed_company_ids=company.ids,
                tz=company.care_tz,
                care_silent=silent and INTERNAL,
            )
            if not looker.env["care.profile"]._claim(company):
                raise ConcurrencyError(f"Company {company.id} is looked at")
            looker.env["care.profile"]._refresh(company, partners)
            looker.env["care.stage"]._apply_rules(company, partners)
            looker._look_further(company, partners.with_env(looker.env))

    @api.model
    def _look_further(self, company, partners):
        """Look at what follows from the profiles: a hook."""
