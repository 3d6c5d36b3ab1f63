"""Beside the help desk of the OCA: installed from PyPI into a database of its own.

A test tool and never a dependency: its licence is another one. The two are measured in
turns, so that both meet the machine in the same mood.
"""

import json
import os
import statistics
import subprocess
from pathlib import Path

REQUIREMENTS = (
    "odoo-addon-helpdesk_mgmt==19.0.1.3.2",
    "odoo-addon-helpdesk_mgmt_sla==19.0.1.0.0.4",
    "odoo-addon-helpdesk_mgmt_rating==19.0.1.0.0.7",
)
MODULES = "helpdesk_mgmt,helpdesk_mgmt_sla,helpdesk_mgmt_rating"
DATABASES = {"ticket": "care_bench_ours", "oca": "care_bench_peers"}
#: Tickets of one turn, created one by one with a commit each.
TICKETS = 200

#: What both sides do: a customer's request in a team with hours and three promises.
SHELL = """
import json, time
env = env(user=2)
BODY = "<p>Chào shop, máy giặt không vắt được nữa.</p>" * 3
{setup}
partners = env["res.partner"].search([("name", "like", "Khách %")], limit=200).ids
if not partners:
    partners = env["res.partner"].create(
        [{{"name": "Khách %s" % i, "email": "k%s@customer.test" % i}} for i in range(200)]
    ).ids
env.cr.commit()
for index in range({warm}):
    model.create(dict(values, name="Ấm %s" % index, partner_id=partners[index]))
    env.cr.commit()
    env.invalidate_all()
start = time.perf_counter()
for index in range({count}):
    model.create(dict(values, name="Máy %s" % index, partner_id=partners[index % 200]))
    env.cr.commit()
    env.invalidate_all()
rate = {count} / (time.perf_counter() - start)
{check}
with open({out!r}, "w") as handle:
    json.dump(rate, handle)
"""

OURS = """
team = env["care.team"].search([("name", "=", "Benchmark")])
if not team:
    calendar = env.company.resource_calendar_id
    team = env["care.team"].create(
        {"name": "Benchmark", "resource_calendar_id": calendar.id}
    )
    env["care.sla.policy"].create({
        "name": "Benchmark",
        "target_ids": [
            (0, 0, {"metric": "first_reply", "hours": 4}),
            (0, 0, {"metric": "update", "hours": 8}),
            (0, 0, {"metric": "resolution", "hours": 24}),
        ],
    })
category = env["care.ticket.category"].search([("name", "=", "Benchmark")])
category = category or category.create({"name": "Benchmark"})
model = env["care.ticket"].sudo().with_context(care_actor="customer")
values = {"team_id": team.id, "category_id": category.id, "description": BODY}
"""
OURS_CHECK = """
last = env["care.ticket"].search([], limit=1, order="id desc")
assert len(last.clock_ids) == 3, last.clock_ids
"""

PEER = """
team = env["helpdesk.ticket.team"].search([("name", "=", "Benchmark")])
if not team:
    calendar = env.company.resource_calendar_id
    team = env["helpdesk.ticket.team"].create(
        {"name": "Benchmark", "use_sla": True, "resource_calendar_id": calendar.id}
    )
    done = env["helpdesk.ticket.stage"].search([("closed", "=", True)], limit=1)
    env["helpdesk.sla"].create([
        {"name": "SLA %s" % hours, "hours": hours, "stage_id": done.id,
         "team_ids": [(4, team.id)]}
        for hours in (4, 8, 24)
    ])
category = env["helpdesk.ticket.category"].search([("name", "=", "Benchmark")])
category = category or category.create({"name": "Benchmark"})
model = env["helpdesk.ticket"]
values = {"team_id": team.id, "category_id": category.id, "description": BODY}
"""
PEER_CHECK = """
last = env["helpdesk.ticket"].search([], limit=1, order="id desc")
assert len(last.ticket_sla_ids) == 3, last.ticket_sla_ids
"""


def _fetch(prefix):
    """Put the peers' addons beside the prefix; return the path of their addons."""
    place = Path(prefix) / "peers"
    if not (place / "odoo" / "addons" / "helpdesk_mgmt_rating").is_dir():
        subprocess.run(
            [
                os.environ["CARE_PYTHON"],
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
                "--target",
                str(place),
                *REQUIREMENTS,
            ],
            check=True,
        )
    return place / "odoo" / "addons"


def measure(bench, rounds, out):
    """Return the row of both help desks.

    :param bench: the module with ``_pg``, ``_odoo`` and ``_addons_path``
    :param int rounds: measured turns of each; the first of each warms up by itself
    :param Path out: file through which a turn says its rate
    """
    peers = _fetch(os.environ["CARE_PREFIX"])
    sides = {
        "ticket": ("care_bench", bench._addons_path(), OURS, OURS_CHECK),
        "oca": (MODULES, f"{bench._addons_path()},{peers}", PEER, PEER_CHECK),
    }
    rates = {name: [] for name in sides}
    try:
        for name, (modules, path, _setup, _check) in sides.items():
            database = DATABASES[name]
            bench._pg("dropdb", "--if-exists", "--force", database)
            bench._pg("createdb", "-T", os.environ["CARE_TEMPLATE_DB"], database)
            bench._odoo(
                "server",
                "-i",
                modules,
                "--stop-after-init",
                database=database,
                path=path,
            )
        for _turn in range(rounds):
            for name, (_modules, path, setup, check) in sides.items():
                script = SHELL.format(
                    setup=setup, check=check, count=TICKETS, warm=20, out=str(out)
                )
                bench._odoo(
                    "shell",
                    database=DATABASES[name],
                    path=path,
                    input=script,
                    text=True,
                )
                rates[name].append(json.loads(out.read_text()))
    finally:
        for database in DATABASES.values():
            bench._pg("dropdb", "--if-exists", "--force", database)
    print("medians:", {name: statistics.median(found) for name, found in rates.items()})
    return {
        "name": "ticket with three promises, one by one, beside the OCA help desk",
        "size": TICKETS,
        "unit": "records/s",
        "rates": rates,
        "subject": "ticket",
        "bars": {"oca": 2},
    }
