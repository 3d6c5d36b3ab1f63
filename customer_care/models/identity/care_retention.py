"""Words that are kept for a time: a nightly job takes them away when it is over."""

from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, models

#: Records that one transaction of the job empties.
BATCH = 200


class CareRetention(models.AbstractModel):
    """Empties old records of words and addresses; counts, times and consents stay.

    Nothing is kept for less than for ever unless a company says so.
    """

    _name = "care.retention"
    _description = "How Long Words Are Kept"

    @api.model
    def _kept(self):
        """Return what is kept for a time. A hook: addons add theirs.

        :return: list of (field of the company with months, model). The model defines
            ``_care_due_domain(company, before)``, which records are older than a moment
            and still hold words, and ``_care_expire()``, which empties records
        """
        return [
            ("care_keep_ticket_months", "care.ticket"),
            ("care_keep_log_months", "care.contact.log"),
        ]

    @api.model
    def _as_system(self, company):
        return self.with_user(SUPERUSER_ID).with_context(
            **company._get_care_context(), active_test=False, tracking_disable=True
        )

    @api.model
    def _due_domain(self, company, months, model_name):
        """Return the domain of what is older than so many months."""
        before = self.env.cr.now().replace(microsecond=0) - relativedelta(months=months)
        return self.env[model_name]._care_due_domain(company, before)

    @api.model
    def _due(self, company, field_name, months=None):
        """Count what the job will empty, were the period ``months``.

        :param months: default: what the company has set; 0: nothing is ever due
        """
        months = company[field_name] if months is None else months
        if months <= 0:
            return 0
        model_name = dict(self._kept())[field_name]
        keeper = self._as_system(company)
        domain = keeper._due_domain(company, months, model_name)
        return keeper.env[model_name].search_count(domain)

    @api.model
    def _expire(self, company, months, model_name):
        """Empty the oldest records whose time is over; return how many."""
        keeper = self._as_system(company)
        records = keeper.env[model_name].search(
            keeper._due_domain(company, months, model_name), order="id", limit=BATCH
        )
        records._care_expire()
        return len(records)

    @api.model
    def _cron_expire(self):
        """Nightly, company by company, in batches with a commit each."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([("active", "=", True)])
        for company in companies:
            for field_name, model_name in self._kept():
                months = company[field_name]
                while months > 0:
                    count = self._expire(company, months, model_name)
                    if not cron._commit_progress(count):
                        return
                    if count < BATCH:
                        break
