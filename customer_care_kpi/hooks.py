"""What installing this addon does to data that is there already."""


def post_init_hook(env):
    """Make the facts of the tickets that exist already, from their events."""
    env["care.ticket.fact"]._rebuild()
