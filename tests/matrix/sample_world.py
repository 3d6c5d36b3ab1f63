"""What samples of many models hang on: a company, a team, a ticket."""


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
