"""What installing this addon does to data that is there already, and uninstalling it."""


def post_init_hook(env):
    """Make the facts of the tickets that exist already, from their events."""
    env["care.ticket.fact"]._rebuild()


def uninstall_hook(env):
    """Delete what hangs on the models of this addon: saved filters, export lists."""
    env["ir.model"]._care_forget("customer_care_kpi")
