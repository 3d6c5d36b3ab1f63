"""Who gets which answer from which address: asked over HTTP."""

from tests.matrix import access
from tests.support import repo

FILE = access.FILE.with_name("routes.csv")
HEADER = (
    "route",
    "method",
    "record",
    "identity",
    "status",
    "status without CSRF token",
)

#: Records that an address can name. A link is a key: whoever has one comes in.
RECORDS = ("own", "foreign", "other_company", "archived", "wrong")
NO_RECORD = ("-",)

#: What happens between the request and the answer, besides the status.
WRITES = ("POST", "PUT", "PATCH", "DELETE")


def find(env):
    """``{(route, method): kind of request}`` of the addresses that our code answers.

    An address of another addon counts where one of our classes overrides its method.
    """
    prefixes = tuple(f"odoo.addons.{addon}." for addon in repo.ADDONS)
    found = {}
    for rule in env["ir.http"].routing_map().iter_rules():
        method = getattr(rule.endpoint, "func", rule.endpoint)
        owner, name = method.__self__, method.__name__
        ours = any(
            name in vars(definition) and definition.__module__.startswith(prefixes)
            for definition in type(owner).mro()
        )
        if ours:
            routing = rule.endpoint.routing
            for verb in routing.get("methods") or ("GET", "POST"):
                found[rule.rule, verb] = routing["type"]
    return found


def records(common, identity, user):
    """``{record: ticket}``; ``wrong`` has none."""
    own = {
        "partner_id": user.partner_id.id,
        "user_id": user.id if user == common.user_team else False,
    }
    far = common.other_company

    def ticket(**values):
        made = common._create_ticket(name=f"For {identity}", **values)
        made.message_post(
            body="An answer",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            attachments=[("answer.txt", b"text")],
        )
        return made

    if identity in ("public", "manager_other_company"):
        own["user_id"] = False
    return {
        "own": ticket(**own),
        "foreign": ticket(
            partner_id=common.customer_two.id,
            team_id=common.second_team.id,
        ),
        "other_company": ticket(
            partner_id=common.customer_two.id,
            team_id=common.other_team.id,
            company_id=far.id,
        ),
        "archived": ticket(**own, active=False),
    }


def address(route, ticket):
    """``route`` with the record's words in it; a number or key that is none if absent."""
    import re

    if ticket:
        words = {
            "ref": str(ticket.id),
            "token": _token(route, ticket),
            "file_ref": str(ticket.message_ids.attachment_ids[:1].id),
            "partner_id": str(ticket.partner_id.id),
        }
    else:
        words = dict.fromkeys(("ref", "file_ref", "partner_id"), "999999999")
        words["token"] = "no-such-link"
    words["page"] = "1"
    return re.sub(
        r"<(?:[^:<>]+:)?(\w+)>", lambda match: words.get(match[1], "1"), route
    )


def _token(route, ticket):
    """The key of a conversation, of its customer's choices, or of its company's counter."""
    if route.startswith(("/u/", "/care/consent/")):
        partner = ticket.partner_id
        return partner._care_choice_token("customer", partner.id, ticket.company_id)
    if route.startswith("/care/counter/"):
        url = ticket.env["care.counter"]._get_url(ticket.company_id)
        return url.rpartition("/")[2]
    if route.startswith("/f/"):
        return _question(ticket)._get_token()
    return ticket._get_conversation_token()


def _question(ticket):
    """What the ticket's customer was asked, a day ago."""
    feedback = ticket.env["care.feedback"]
    found = feedback.search([("ticket_id", "=", ticket.id)], limit=1)
    return found or feedback.create(
        {
            "survey_id": ticket.env.ref("customer_care.survey_csat").id,
            "kind": "csat",
            "company_id": ticket.company_id.id,
            "ticket_id": ticket.id,
            "partner_id": ticket.partner_id.id,
            "state": "sent",
            "due_on": ticket.create_date,
            "sent_on": ticket.create_date,
        }
    )


def table(case, identities):
    """Ask everything; yield the rows of the table in its order."""
    made = {name: records(case, name, user) for name, user in identities.items()}
    # everybody asks, within one hour
    for word in ("choice_ip", "choice_customer", "feedback_ip", "feedback"):
        name = f"customer_care.limit_{word}"
        case.env["ir.config_parameter"].set_param(name, "1000")
    case.env["res.company"].search([]).is_care_counter_open = True
    case.env.flush_all()
    for (route, method), kind in sorted(find(case.env).items()):
        named = RECORDS if "<" in route and "<int:page>" not in route else NO_RECORD
        for record in named:
            for identity, user in identities.items():
                url = address(route, made[identity].get(record))
                login = None if identity == "public" else user.login
                yield (
                    *(route, method, record, identity),
                    *_ask(case, url, method, kind, login),
                )


def _ask(case, url, method, kind, login):
    from odoo.http import Request

    def send(with_token):
        with case.env.cr.savepoint():
            case.authenticate(login, login)
            options = {"allow_redirects": False, "method": method}
            if kind == "jsonrpc":
                options["json"] = {"params": {}}
            elif method in WRITES:
                token = Request.csrf_token(case) if with_token else ""
                options["data"] = {"csrf_token": token}
            response = case.url_open(url, **options)
            case.env.invalidate_all()
        return str(response.status_code)

    needs_token = method in WRITES and kind == "http"
    return send(True), send(False) if needs_token else ""


def read_file():
    """The expected table."""
    import csv

    with FILE.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        return {tuple(row[:4]): tuple(row[4:]) for row in rows}
