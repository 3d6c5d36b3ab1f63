"""The demo company: installed from nothing, then asked what it holds."""

import json

import pytest

from tests.support import database, odoo as program

#: Prints facts about the demo company as the last line of a shell session.
FACTS = """
import json
from datetime import timedelta
company = env.ref("customer_care.demo_company")
shop = env(context={"allowed_company_ids": company.ids, "active_test": False})
tickets = shop["care.ticket"].search([("company_id", "=", company.id)])
events = shop["care.ticket.event"].search([("ticket_id", "in", tickets.ids)])
now = env.cr.now()
messages = shop["mail.message"].search([("model", "=", "care.ticket")])
orders = shop["sale.order"].search([("company_id", "=", company.id)])
customers = shop["res.partner"].search([("company_id", "=", company.id)])
customers -= shop["res.users"].search([]).filtered(
    lambda user: user._is_internal()
).partner_id
first_texts = {}
for message in messages.sorted("id"):
    first_texts.setdefault(message.res_id, str(message.body))
facts = {
    "tickets": len(tickets),
    "differences": len(tickets._find_state_differences()),
    "late": len(events.filtered(lambda e: e.date > now))
    + len(messages.filtered(lambda m: m.date > now)),
    "oldest_days": (now - min(tickets.mapped("create_date"))).days,
    "channels": sorted(set(tickets.channel_id.mapped("code"))),
    "stages": sorted(set(tickets.mapped("stage_category"))),
    "kinds": sorted(set(filter(None, tickets.mapped("kind")))),
    "actors": sorted(set(events.mapped("actor"))),
    "unfilled": [text for text in messages.mapped("body") if "{" in text or "}" in text],
    "first_texts": len(set(first_texts.values())),
    "handed": sum(tickets.mapped("handoff_count")),
    "reopened": sum(tickets.mapped("reopen_count")),
    "waiting_hours": sorted(
        (now - ticket.waiting_since).total_seconds() / 3600
        for ticket in tickets if ticket.waiting_since
    ),
    "unassigned": len(tickets.filtered(lambda t: t.is_open and not t.user_id)),
    "teams": shop["care.team"].search_count([("company_id", "=", company.id)]),
    "people": shop["res.users"].search_count(
        [("company_id", "=", company.id), ("share", "=", False), ("login", "!=", "admin")]
    ),
    "customers": env["ir.model.data"].search_count(
        [("model", "=", "res.partner"), ("name", "=like", "demo_customer_%")]
    ),
    "orders": len(orders),
    "confirmed": len(orders.filtered(lambda o: o.state == "sale")),
    "currencies": orders.currency_id.mapped("name"),
    "order_days": (now - min(orders.mapped("date_order"))).days,
    "future_orders": len(orders.filtered(lambda o: o.date_order > now)),
    "care_stages": len(customers.with_company(company).care_stage_id),
    "zone": company.care_tz,
    "inbox": sorted(env["care.inbound"].search([]).mapped("state")),
    "mails": env["mail.mail"].search_count([]),
    "text_messages": env["sms.sms"].search_count([]),
    "notifications": env["mail.notification"].search_count(
        [("mail_message_id", "in", messages.ids)]
    ),
    "activities": env["mail.activity"].search_count([("res_model", "=", "care.ticket")]),
    "public_company": env.ref("base.public_user").company_id == company,
    "other_companies_tickets": env["care.ticket"].search_count(
        [("company_id", "!=", company.id)]
    ),
    "vietnamese": env.ref("customer_care.demo_team_sales").with_context(
        lang="vi_VN"
    ).name if env["res.lang"]._lang_get("vi_VN") else "",
}
print(json.dumps(facts))
"""


def _facts(name):
    run = program.run(name, "--log-level=warn", command=("shell",), stdin=FACTS).check()
    return json.loads(run.log.strip().splitlines()[-1])


@pytest.fixture(scope="module", params=["vi_VN", None], ids=["vietnamese", "english"])
def company(request):
    """What the demo company holds, with and without the Vietnamese language."""
    with database.temporary("demo") as name:
        connection = database.connect(name)
        with connection.cursor() as cursor:
            # As in a database that has had demo data from its first day: Odoo loads
            # that of a module only where everything below it has demo data as well.
            cursor.execute(
                "UPDATE ir_module_module SET demo = true WHERE state = 'installed'"
            )
        connection.close()
        program.install(name, "customer_care", demo=True, language=request.param)
        yield _facts(name) | {"language": request.param}


def test_it_is_as_large_as_promised(company):
    assert company["tickets"] == 300
    assert 88 <= company["oldest_days"] <= 91
    assert company["teams"] == 3
    assert company["people"] == 12
    assert company["customers"] == 62, "two of them stand there twice"
    assert 115 <= company["orders"] == company["confirmed"] <= 125
    assert 250 <= company["order_days"] <= 366
    assert company["care_stages"] == 7, "every care stage but Former has customers"


def test_it_is_a_vietnamese_shop(company):
    assert company["currencies"] == ["VND"]
    assert company["zone"] == "Asia/Ho_Chi_Minh"
    expected = "Tư vấn & bán hàng" if company["language"] else ""
    assert company["vietnamese"] == expected


def test_history_follows_from_events(company):
    assert company["differences"] == 0
    assert company["late"] == 0 and company["future_orders"] == 0
    assert company["actors"] == ["agent", "customer", "system"]


def test_every_kind_of_ticket_is_there(company):
    assert set(company["stages"]) == {
        "cancelled",
        "closed",
        "hold",
        "new",
        "open",
        "pending",
        "solved",
    }
    assert company["kinds"] == [
        "complaint",
        "incident",
        "praise",
        "question",
        "request",
    ]
    assert {"email", "portal", "form", "phone", "zalo", "facebook"} <= set(
        company["channels"]
    )
    assert company["handed"] >= 10 and company["reopened"] >= 5
    assert company["unassigned"] >= 5


def test_a_mail_waits_in_quarantine(company):
    assert company["inbox"] == ["ignored", "quarantine"]


def test_somebody_is_waiting_now(company):
    waiting = company["waiting_hours"]
    assert waiting[0] < 0.5 and waiting[-1] > 70


def test_conversations_differ(company):
    assert company["unfilled"] == []
    assert company["first_texts"] >= 100


def test_nothing_is_sent(company):
    assert company["mails"] == company["text_messages"] == 0
    assert company["notifications"] == 0
    # a few to do, among them the answers of customers who were not content
    assert company["activities"] <= 15


def test_it_keeps_to_its_company(company):
    """The contact form leads into the shop; no other company got a ticket."""
    assert company["public_company"] is True
    assert company["other_companies_tickets"] == 0
