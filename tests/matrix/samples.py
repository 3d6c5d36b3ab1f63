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

KINDS = ("own", "team", "other", "other_company", "archived")

#: What is written when the right to write is tried; ``name`` unless told.
WRITE = {
    "care.form.stamp": {"nonce": "changed"},
    "care.profile": {"purchase_count": 7},
    "care.purchase": {"amount": 7},
    "care.segment.event": {"rotation": 7},
    "care.segment.member": {"rotation": 7},
    "care.segment.size": {"size": 7},
    "care.stage.change": {"note": "changed"},
    "care.touch": {"is_silent": True},
    "care.inbound": {"subject": "changed"},
    "care.rate.counter": {"hits": 7},
    "care.receipt": {"email": "changed@customer.test"},
    "care.ticket.event": {"is_public": True},
    "care.ticket.fact": {"reply_count": 7},
}


def company(world, kind):
    """The company that a record of ``kind`` belongs to."""
    return world.other_company if kind == "other_company" else world.company


def team(world, kind):
    """The team that a record of ``kind`` belongs to."""
    return {"other": world.second_team, "other_company": world.other_team}.get(
        kind, world.team
    )


def shared(world, kind):
    """Values of a setting: everybody's, one company's, or another company's."""
    values = {"name": f"Sample {kind}", "active": kind != "archived"}
    if kind in ("other", "other_company"):
        values["company_id"] = company(world, kind).id
    return values


def ticket(world, kind, user):
    """A ticket; nobody but the identity stands on an ``own`` one."""
    values = {
        "name": f"Sample {kind}",
        "partner_id": world.customer_two.id,
        "team_id": team(world, kind).id,
        "company_id": company(world, kind).id,
        "active": kind != "archived",
    }
    is_staff = user.has_group("customer_care.group_agent_own") and (
        user.company_id == company(world, kind)
    )
    if kind in ("own", "archived"):
        if is_staff:
            values["user_id"] = user.id
        else:
            values["partner_id"] = user.partner_id.id
    elif kind == "team":
        if user in world.colleague_of:
            values["partner_id"] = world.colleague_of[user].id
        values["user_id"] = world.user_mate.id
    return values


def existing_ticket(world, kind, user):
    """A ticket that is there, for what hangs on tickets."""
    values = ticket(world, kind, user)
    return world.env["care.ticket"].with_company(company(world, kind)).create(values)


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


def touch(world, _kind, _user):
    """Somebody to look at."""
    return {"partner_ref": world.customer_two.id}


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
    "care.form.stamp": stamp,
    "care.inbound": inbound,
    "care.profile": profile,
    "care.purchase": purchase,
    "care.purchase.source": purchase_source,
    "care.rate.counter": counter,
    "care.receipt": receipt,
    "care.segment": segment,
    "care.segment.event": segment_event,
    "care.segment.member": segment_member,
    "care.segment.size": segment_size,
    "care.stage": care_stage,
    "care.stage.change": stage_change,
    "care.team": a_team,
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
