"""For each model of the suite: records of five kinds, as one identity sees them.

=============  ==================================================================
own            the identity is assigned (staff) or asked (everybody else, and staff
               of another company)
team           of a colleague in the same team, or of the same company (portal)
other          of another team of the company
other_company  of another company, that of ``manager_other_company``
archived       like ``own``, archived where the model can be archived
=============  ==================================================================

A function returns the values of a new record; ``WRITE`` names a harmless change.
"""

import base64

from . import samples_desk
from .sample_world import company, existing_ticket, shared, team, ticket

KINDS = ("own", "team", "other", "other_company", "archived")

#: What is written when the right to write is tried; ``name`` unless told.
WRITE = {
    **samples_desk.WRITE,
    "care.suppression": {"fingerprint": "changed"},
    "care.consent": {"evidence": "changed"},
    "care.contact.counter": {"hits": 7},
    "care.contact.log": {"summary": "changed"},
    "care.duplicate": {"state": "dismissed"},
    "care.form.stamp": {"nonce": "changed"},
    "care.import": {"opening_on": "2024-12-31"},
    "care.import.column": {"role": "city"},
    "care.import.line": {"row": 8},
    "care.profile": {"purchase_count": 7},
    "care.purchase": {"amount": 7},
    "care.segment.event": {"rotation": 7},
    "care.segment.member": {"rotation": 7},
    "care.segment.size": {"size": 7},
    "care.rule.run": {"note": "changed"},
    "care.stage.change": {"note": "changed"},
    "care.readiness.change": {"reason": "quiet"},
    "care.start": {"state": "skipped"},
    "care.touch": {"is_silent": True},
    "care.message.delivery": {"error": "changed"},
    "care.inbound": {"subject": "changed"},
    "care.limit": {"patience_days": 7},
    "care.limit.line": {"day_cap": 7},
    "care.rate.counter": {"hits": 7},
    "care.receipt": {"email": "changed@customer.test"},
    "care.ticket.event": {"is_public": True},
    "care.ticket.fact": {"reply_count": 7},
}


def event(world, kind, user):
    """A row of history of such a ticket."""
    on = existing_ticket(world, kind, user)
    return {
        "ticket_id": on.id,
        "company_id": on.company_id.id,
        "date": world.env.cr.now(),
        "kind": "note",
        "actor": "agent",
    }


def stage(world, kind, _user):
    """A stage of tickets."""
    return {**shared(world, kind), "category": "open"}


def care_stage(world, kind, _user):
    """A stage of customers."""
    return {**shared(world, kind), "phase": "aftersale"}


def setting(world, kind, _user):
    """A category, tag or channel."""
    return shared(world, kind)


def channel(world, kind, _user):
    """A channel has no company."""
    return {"name": f"Sample {kind}", "active": kind != "archived", "code": f"x_{kind}"}


def a_team(world, kind, user):
    """A team: ``own`` is led by the identity where that can be."""
    values = {
        "name": f"Sample {kind}",
        "company_id": company(world, kind).id,
        "active": kind != "archived",
    }
    if kind == "team":
        values["member_ids"] = [(6, 0, world.user_mate.ids)]
    is_lead = user.has_group("customer_care.group_lead")
    if kind in ("own", "archived") and is_lead and user.company_id == world.company:
        values["leader_id"] = user.id
    return values


def inbound(world, kind, _user):
    """A mail that came in."""
    return {
        "message_id": f"<{kind}@customer.test>",
        "recipient": f"{kind}@care.test",
        "received_on": world.env.cr.now(),
        "company_id": company(world, kind).id,
        "team_id": team(world, kind).id,
    }


def receipt(world, kind, _user):
    """A receipt that was sent."""
    return {
        "email": f"{kind}@customer.test",
        "team_id": team(world, kind).id,
        "company_id": company(world, kind).id,
        "day": world.env.cr.now().date(),
    }


def counter(world, kind, _user):
    """A counter of visits."""
    return {"key": kind, "hour": world.env.cr.now(), "hits": 1}


def stamp(world, kind, user):
    """A form that was sent."""
    return {"nonce": kind, "ticket_id": existing_ticket(world, kind, user).id}


def profile(world, kind, _user):
    """The figures of a customer."""
    return {
        "partner_id": world.customer_two.id,
        "company_id": company(world, kind).id,
    }


def purchase(world, kind, user):
    """A purchase from a file."""
    today = world.env.cr.now().date()
    return {**profile(world, kind, user), "day": today, "amount": 1}


#: A list of one customer, as forms send files.
LIST = base64.b64encode(b"Name,Phone\nSample,0900000001\n")


def an_import(world, kind, _user):
    """A file of customers that waits for somebody to look at its columns."""
    return {
        "name": f"Sample {kind}",
        "company_id": company(world, kind).id,
        "file": LIST,
    }


def existing_import(world, kind, user):
    """Such a file that is there, for what hangs on it."""
    return world.env["care.import"].create(an_import(world, kind, user))


def import_column(world, kind, user):
    """A column of such a file."""
    batch = existing_import(world, kind, user)
    return {"import_id": batch.id, "place": 7, "role": "street"}


def import_line(world, kind, user):
    """A row of such a file."""
    batch = existing_import(world, kind, user)
    return {"import_id": batch.id, "company_id": batch.company_id.id, "row": 7}


def purchase_source(world, kind, _user):
    """A source: everybody's, one company's, or another company's."""
    values = {
        "name": f"Sample {kind}",
        "code": f"x_{kind}",
        "active": kind != "archived",
    }
    if kind in ("other", "other_company"):
        values["company_ids"] = [(6, 0, company(world, kind).ids)]
    return values


def stage_change(world, kind, user):
    """A customer moved."""
    now = world.env.cr.now()
    return {**profile(world, kind, user), "on": now, "reason": "hand"}


def readiness_change(world, kind, user):
    """A lead became ready."""
    lead = world.env["crm.lead"].create(
        {"name": f"Sample {kind}", "company_id": company(world, kind).id}
    )
    return {
        "lead_id": lead.id,
        "company_id": company(world, kind).id,
        "on": world.env.cr.now(),
        "to_state": "ready",
        "reason": "likely",
    }


def start(world, kind, _user):
    """A step of the set-up that was done."""
    return {
        "company_id": company(world, kind).id,
        "code": f"sample_{kind}",
        "state": "done",
        "on": world.env.cr.now(),
    }


def segment(world, kind, _user):
    """A set of customers."""
    return {
        "name": f"Sample {kind}",
        "company_id": company(world, kind).id,
        "active": kind != "archived",
    }


def of_segment(world, kind, user):
    """What hangs on such a segment."""
    owner = world.env["care.segment"].create(segment(world, kind, user))
    return {"segment_id": owner.id, "company_id": owner.company_id.id}


def segment_member(world, kind, user):
    """A customer in it."""
    return {
        **of_segment(world, kind, user),
        "partner_id": world.customer_two.id,
        "state": "in",
    }


def segment_event(world, kind, user):
    """A customer came in."""
    values = {"kind": "enter", "on": world.env.cr.now()}
    return {
        **of_segment(world, kind, user),
        "partner_id": world.customer_two.id,
        **values,
    }


def segment_size(world, kind, user):
    """How many there were."""
    today = world.env.cr.now().date()
    return {**of_segment(world, kind, user), "day": today, "size": 1}


def rule(world, kind, user):
    """A rule; its owner works in its company."""
    owner = company(world, kind)
    is_colleague = not user.share and owner in user.company_ids
    people = owner.env["res.users"].search(
        [("share", "=", False), ("company_ids", "in", owner.ids)], limit=1
    )
    return {
        "name": f"Sample {kind}",
        "company_id": owner.id,
        "user_id": user.id if is_colleague else people.id,
        "active": kind != "archived",
    }


def rule_run(world, kind, user):
    """Something happened for such a rule."""
    owner = world.env["care.rule"].create(rule(world, kind, user))
    return {
        "rule_id": owner.id,
        "partner_id": world.customer_two.id,
        "company_id": owner.company_id.id,
        "key": kind,
        "on": world.env.cr.now(),
        "due_on": world.env.cr.now(),
    }


def touch(world, _kind, _user):
    """Somebody to look at."""
    return {"partner_ref": world.customer_two.id}


def contact(world, kind, user):
    """A contact with a customer."""
    return {**profile(world, kind, user), "channel": "call"}


def consent(world, kind, user):
    """What a customer agreed to."""
    return {
        **profile(world, kind, user),
        "channel": "sms",
        "purpose": "promotion",
        "state": "granted",
        "source": "hand",
        "evidence": "Said so at the counter",
    }


def contact_counter(world, kind, _user):
    """Messages to an address."""
    return {
        "company_id": company(world, kind).id,
        "channel": "sms",
        "address": f"+8490000000{KINDS.index(kind)}",
        "day": world.env.cr.now().date(),
        "hits": 1,
    }


def limit(world, kind, _user):
    """Quiet hours of a company that has none yet."""
    owner = company(world, kind)
    world.env["care.limit"].search([("company_id", "=", owner.id)]).unlink()
    return {"company_id": owner.id}


def limit_line(world, kind, user):
    """Hours of a channel."""
    sheet = world.env["care.limit"].create(limit(world, kind, user))
    return {"limit_id": sheet.id, "channel": "sms", "purpose": "promotion"}


def duplicate(world, kind, _user):
    """Two contacts that may be one person, in a company or shared."""
    contacts = world.env["res.partner"].create([{"name": kind}, {"name": kind}])
    return {
        "first_id": contacts[0].id,
        "second_id": contacts[1].id,
        "company_id": company(world, kind).id,
        "found_on": world.env.cr.now().date(),
    }


def message(world, kind, _user):
    """A text for customers."""
    return shared(world, kind)


def delivery(world, kind, user):
    """A message to a customer."""
    text = world.env["care.message"].create({"name": f"Sample {kind}"})
    return {
        **profile(world, kind, user),
        "message_id": text.id,
        "channel": "email",
        "created_on": world.env.cr.now(),
    }


def suppression(world, kind, _user):
    """Somebody who was forgotten."""
    today = world.env.cr.now().date()
    return {"kind": "email", "fingerprint": kind, "forgotten_on": today}


def fact(world, kind, user):
    """The figures of such a ticket, made with its events."""
    return {"ticket_id": existing_ticket(world, kind, user).id}


def tier(world, kind, _user):
    """A tier of a loyalty program of that company."""
    program = world.env["loyalty.program"].create(
        {
            "name": f"Sample {kind}",
            "program_type": "loyalty",
            "company_id": company(world, kind).id,
        }
    )
    return {
        "name": f"Sample {kind}",
        "program_id": program.id,
        "threshold": 100,
        "active": kind != "archived",
    }


SAMPLES = {
    **samples_desk.SAMPLES,
    "care.consent": consent,
    "care.contact.counter": contact_counter,
    "care.contact.log": contact,
    "care.duplicate": duplicate,
    "care.form.stamp": stamp,
    "care.import": an_import,
    "care.import.column": import_column,
    "care.import.line": import_line,
    "care.inbound": inbound,
    "care.limit": limit,
    "care.limit.line": limit_line,
    "care.message": message,
    "care.message.delivery": delivery,
    "care.profile": profile,
    "care.purchase": purchase,
    "care.purchase.source": purchase_source,
    "care.rate.counter": counter,
    "care.receipt": receipt,
    "care.rule": rule,
    "care.rule.run": rule_run,
    "care.segment": segment,
    "care.segment.event": segment_event,
    "care.segment.member": segment_member,
    "care.segment.size": segment_size,
    "care.stage": care_stage,
    "care.stage.change": stage_change,
    "care.readiness.change": readiness_change,
    "care.start": start,
    "care.team": a_team,
    "care.suppression": suppression,
    "care.ticket": ticket,
    "care.ticket.category": setting,
    "care.ticket.channel": channel,
    "care.ticket.event": event,
    "care.ticket.fact": fact,
    "care.ticket.stage": stage,
    "care.ticket.tag": setting,
    "care.touch": touch,
    "loyalty.tier": tier,
}
