"""What tests of jobs at the same moment share: rows that are committed, and go again."""

from contextlib import closing, contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.sql_db import db_connect
from odoo.tests import get_db_name
from odoo.tools import SQL

#: Seconds after which a lock counts as stuck.
LOCK_PATIENCE = 60
#: What follows from other rows: whatever is new there goes at the end, whoever wrote it.
FOLLOWING = ("care_sla_terms", "care_touch", "ir_cron_trigger", "mail_message")
#: What a company brings with it and leaves behind.
OF_A_COMPANY = (
    "care_limit",
    "care_segment",
    "ir_sequence",
    "product_pricelist",
    "resource_calendar",
)


@contextmanager
def committing():
    """Yield an environment on a connection of its own, committed at the end."""
    with closing(db_connect(get_db_name()).cursor()) as cr:
        cr.execute("SET LOCAL lock_timeout = %s", [f"{LOCK_PATIENCE}s"])
        env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        yield env
        env.flush_all()
        # a cursor of its own: pylint: disable-next=invalid-commit
        cr.commit()


def drop_company(env, company):
    """Delete a company that a test made, and what it brought with it."""
    env["care.purchase.source"].search([]).company_ids = [(3, company.id)]
    partner = company.partner_id
    calendar = company.resource_calendar_id
    sequences = env["ir.sequence"].union(
        *(
            company[name]
            for name, field in company._fields.items()
            if field.store and field.comodel_name == "ir.sequence"
        )
    )
    company.resource_calendar_id = (
        env["res.company"]
        .search([("id", "!=", company.id)], limit=1)
        .resource_calendar_id
    )
    calendar.unlink()
    env.flush_all()
    for table in OF_A_COMPANY:
        env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE company_id = %s",
                SQL.identifier(table),
                company.id,
            )
        )
    env.invalidate_all()
    company.unlink()
    sequences.unlink()
    partner.unlink()


class RaceMixin:
    """For tests whose rows other connections must see; they take them away themselves.

    Register what takes them away with ``addCleanup`` after ``setUp`` of this class: what
    follows from them goes last.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # whoever runs the tests holds the lock; other threads only look the registry up
        cls.startClassPatcher(patch.object(Registry, "_lock", DummyRLock()))
        with committing() as env:
            newest = {
                table: env.execute_query(
                    SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table))
                )[0][0]
                for table in FOLLOWING
            }
        cls.addClassCleanup(cls._take_away, newest)

    @classmethod
    def _take_away(cls, newest):
        with committing() as env:
            for table, ref in newest.items():
                env.cr.execute(
                    SQL("DELETE FROM %s WHERE id > %s", SQL.identifier(table), ref)
                )

    @staticmethod
    def _committing():
        """Yield an environment whose writes are committed at the end."""
        return committing()
