"""Samples of what works on tickets: promises, people, scripts, effort, feedback.

See ``samples.py`` for the kinds of records.
"""

from .sample_world import company, existing_ticket, shared, team

#: What is written when the right to write is tried.
WRITE = {
    "care.feedback": {"comment": "changed"},
    "care.effort": {"note": "changed"},
    "care.effort.timer": {"seconds": 7},
    "care.script.use": {"is_edited": True},
    "care.script.variant": {"sequence": 7},
    "care.away": {"day": "2020-01-01"},
    "care.person.turn": {"count": 7},
    "care.team.turn": {"count": 7},
    "care.calendar.day": {"before": 7},
    "care.calendar.version": {"is_current": True},
    "care.sla.alert": {"is_dropped": True},
    "care.sla.clock": {"state": "void"},
    "care.sla.target": {"hours": 7},
    "care.sla.terms": {"content": {}},
}


def effort(world, kind, user):
    """Work of the identity on such a ticket, of a colleague on one that is not his."""
    on = existing_ticket(world, kind, user)
    is_own = kind in ("own", "archived")
    return {
        "ticket_id": on.id,
        "user_id": user.id if is_own else world.user_mate.id,
        "seconds": 60,
    }


def effort_timer(world, kind, user):
    """A paused timer of the identity on such a ticket, or of a colleague."""
    return {**effort(world, kind, user), "seconds": 0}


def away(world, kind, user):
    """Somebody is away today."""
    return {
        "user_id": user.id if kind in ("own", "archived") else world.user_mate.id,
        "company_id": company(world, kind).id,
        "day": world.env.cr.now().date(),
    }


def turn(world, kind, user):
    """When a member of such a team was given a ticket."""
    told = user if kind in ("own", "archived") else world.user_mate
    return {"team_id": team(world, kind).id, "user_id": told.id}


def person_turn(world, kind, user):
    """How often somebody was given a ticket: the identity, or a person of his own."""
    if kind != "own":
        name = f"turn-{kind}-{user.id}"
        user = world.env["res.users"].create({"name": name, "login": name})
    return {"user_id": user.id}


def promise(world, kind, _user):
    """A promise of a company."""
    return {
        "name": f"Sample {kind}",
        "company_id": company(world, kind).id,
        "active": kind != "archived",
    }


def promise_target(world, kind, user):
    """What it promises."""
    policy = world.env["care.sla.policy"].create(promise(world, kind, user))
    return {"policy_id": policy.id, "metric": "resolution", "hours": 8}


def clock(world, kind, user):
    """A promise measured on such a ticket."""
    return {
        "ticket_id": existing_ticket(world, kind, user).id,
        "metric": "resolution",
        "round": 1,
        "state": "running",
        "started_on": world.env.cr.now(),
    }


def alert(world, kind, user):
    """Somebody is told of it: the identity, or a colleague."""
    measured = world.env["care.sla.clock"].create(clock(world, kind, user))
    told = user if kind in ("own", "archived") else world.user_mate
    return {
        "clock_id": measured.id,
        "user_id": told.id,
        "kind": "warning",
        "made_on": world.env.cr.now(),
    }


def terms(_world, kind, _user):
    """What was promised once."""
    return {"fingerprint": kind, "content": {"resolution": {"seconds": 60}}}


def calendar_version(world, kind, _user):
    """Working hours of a company, laid out."""
    today = world.env.cr.now().date()
    owner = company(world, kind)
    return {
        "calendar_id": owner.resource_calendar_id.id,
        "company_id": owner.id,
        "number": 99,
        "made_on": world.env.cr.now(),
        "fingerprint": kind,
        "first_day": today,
        "last_day": today,
    }


def calendar_day(world, kind, user):
    """A day of them."""
    version = world.env["care.calendar.version"].create(
        calendar_version(world, kind, user)
    )
    return {"version_id": version.id, "day": version.first_day, "before": 0}


def script(world, kind, _user):
    """A text of agents."""
    return shared(world, kind)


def script_variant(world, kind, user):
    """A wording of such a text that is there."""
    owner = world.env["care.script"].create(script(world, kind, user))
    return {"script_id": owner.id, "body": "<p>Sample</p>"}


def script_use(world, kind, user):
    """A message that such a text was sent in: by the identity on its own tickets."""
    owner = world.env["care.script"].create({"name": f"Sample {kind}"})
    on = existing_ticket(world, kind, user)
    is_own = kind in ("own", "archived")
    return {
        "script_id": owner.id,
        "ticket_id": on.id,
        "company_id": on.company_id.id,
        "user_id": user.id if is_own else world.user_mate.id,
        "date": world.env.cr.now(),
    }


def urgency_rule(world, kind, _user):
    """What makes tickets urgent."""
    return {**shared(world, kind), "kind": "reopened", "points": 5}


def survey(world, kind, _user):
    """A question to customers."""
    return {**shared(world, kind), "question": "How was it?"}


def feedback_choice(world, kind, user):
    """A reason that such a question offers."""
    asked = world.env["care.feedback.survey"].create(survey(world, kind, user))
    return {
        "survey_id": asked.id,
        "name": f"Sample {kind}",
        "active": kind != "archived",
    }


def feedback(world, kind, user):
    """What a customer was asked about such a ticket."""
    about = existing_ticket(world, kind, user)
    asked = world.env["care.feedback.survey"].create(survey(world, kind, user))
    return {
        "survey_id": asked.id,
        "kind": "csat",
        "company_id": about.company_id.id,
        "ticket_id": about.id,
        "partner_id": about.partner_id.id,
        "user_id": about.user_id.id,
        "team_id": about.team_id.id,
        "due_on": world.env.cr.now(),
    }


SAMPLES = {
    "care.away": away,
    "care.person.turn": person_turn,
    "care.team.turn": turn,
    "care.feedback": feedback,
    "care.feedback.choice": feedback_choice,
    "care.feedback.survey": survey,
    "care.calendar.day": calendar_day,
    "care.calendar.version": calendar_version,
    "care.effort": effort,
    "care.effort.timer": effort_timer,
    "care.script": script,
    "care.script.use": script_use,
    "care.script.variant": script_variant,
    "care.sla.alert": alert,
    "care.sla.clock": clock,
    "care.sla.policy": promise,
    "care.sla.target": promise_target,
    "care.sla.terms": terms,
    "care.urgency.rule": urgency_rule,
}
