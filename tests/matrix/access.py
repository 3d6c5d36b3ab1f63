"""Who may do what with which record: tried, one savepoint each."""

import contextlib
import csv
import logging
from pathlib import Path

from tests.matrix import samples
from tests.support import repo

FILE = Path(__file__).with_name("access.csv")
HEADER = ("model", "record", "identity", "read", "write", "create", "unlink")

#: Order of the identities in the table, from outside to inside.
IDENTITIES = (
    "public",
    "portal_customer",
    "portal_colleague",
    "portal_sharing_company",
    "portal_other",
    "reader",
    "agent_own",
    "agent_team",
    "lead",
    "manager",
    "manager_other_company",
    "administrator",
)


def models(env):
    """Names of the models that the suite makes and that have a table."""
    return sorted(
        name
        for name, model in env.registry.items()
        if model._original_module in repo.ADDONS
        and not model._abstract
        and not model._transient
    )


def build_world(common):
    """Give ``common`` (a set-up CareCommon) the people that the table needs more.

    :return: ``{identity: user}``
    """
    from odoo.tests import new_test_user

    def portal(login, parent):
        user = new_test_user(common.env, login=login, groups="base.group_portal")
        user.partner_id.parent_id = parent
        return user

    household, sharing = common.env["res.partner"].create(
        [
            {"name": "Công ty Hoa Mai", "is_company": True},
            {"name": "Công ty Hoa Lan", "is_company": True, "care_share_tickets": True},
        ]
    )
    common.user_portal.partner_id.parent_id = household
    colleague = portal("care_colleague", household)
    open_minded = portal("care_sharing", sharing)
    stranger = portal("care_stranger", False)
    common.colleague_of = {
        common.user_portal: colleague.partner_id,
        colleague: common.user_portal.partner_id,
        open_minded: portal("care_sharing_too", sharing).partner_id,
    }
    common.user_mate = new_test_user(
        common.env, login="care_mate", groups="customer_care.group_agent_own"
    )
    common.team.member_ids |= common.user_mate
    return {
        "public": common.env.ref("base.public_user"),
        "portal_customer": common.user_portal,
        "portal_colleague": colleague,
        "portal_sharing_company": open_minded,
        "portal_other": stranger,
        "reader": common.user_reader,
        "agent_own": common.user_own,
        "agent_team": common.user_team,
        "lead": common.user_lead,
        "manager": common.user_manager,
        "manager_other_company": common.user_other,
        "administrator": common.user_admin,
    }


class _Undo(Exception):
    """Ends a savepoint so that nothing stays."""


@contextlib.contextmanager
def _undone(env):
    try:
        with env.cr.savepoint():
            yield
            env.flush_all()
            raise _Undo
    except _Undo:
        pass
    finally:
        env.invalidate_all(flush=False)


def attempt(env, operation):
    """Run ``operation`` and undo it.

    :return: ``yes``, ``no`` (an access error), or ``refused`` (another error that is
        meant for people: the model lets nobody do that)
    """
    from psycopg2 import IntegrityError

    from odoo.exceptions import AccessError, MissingError, UserError

    try:
        with _undone(env):
            operation()
    except (AccessError, MissingError):
        return "no"
    except (UserError, IntegrityError):
        return "refused"
    return "yes"


def table(common, identities):
    """Try everything; yield the rows of the table in its order."""
    env = common.env
    logging.disable(logging.WARNING)
    try:
        for model in models(env):
            for kind in samples.KINDS:
                for identity in IDENTITIES:
                    tried = _try(common, model, kind, identities[identity])
                    yield (model, kind, identity, *tried)
    finally:
        logging.disable(logging.NOTSET)


def _try(common, model, kind, user):
    env = common.env
    results = []
    with _undone(env):
        values = samples.SAMPLES[model](common, kind, user)
        created = attempt(env, lambda: env[model].with_user(user).create(values))
        company = samples.company(common, kind)
        record = _record(env[model].with_company(company), values)
        env.flush_all()
        env.invalidate_all()
        change = samples.WRITE.get(model, {"name": "changed"})
        # No context of the sample reaches the identity: its own companies count.
        plain = env[model].with_user(user).with_context(active_test=False)
        theirs = plain.browse(record.id)
        results = [
            attempt(env, lambda: _read(theirs)),
            attempt(env, lambda: theirs.write(change)),
            created,
            attempt(env, theirs.unlink),
        ]
    return results


def _record(model, values):
    """A record of ``model`` with ``values``, by the way that the suite makes them."""
    if model._name == "care.ticket.event":
        ticket = model.env["care.ticket"].browse(values["ticket_id"])
        return model.search([("ticket_id", "=", ticket.id)], limit=1)
    if model._name == "care.ticket.fact":
        return model.with_context(active_test=False).search(
            [("ticket_id", "=", values["ticket_id"])]
        )
    return model.create(values)


def _read(record):
    """Read it, and find it in a list: both must be allowed, or neither."""
    record.read(["id"])
    record.check_access("read")
    if not record.search_count([("id", "in", record.ids)]):
        from odoo.exceptions import AccessError

        raise AccessError("it is not in the list")


def read_file(path=FILE):
    """The expected table: ``{(model, record, identity): (read, …)}``."""
    with path.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        return {tuple(row[:3]): tuple(row[3:]) for row in rows}


def write_file(rows, path=FILE, header=HEADER):
    """Write a table."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
