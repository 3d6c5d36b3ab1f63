"""What installing and uninstalling this addon does to data that is there already."""


def post_init_hook(env):
    """Make the facts of the tickets that exist already, from their events."""
    env["care.ticket.fact"]._rebuild()


def uninstall_hook(env):
    """Delete what people saved for the figures, such as filters and export lists."""
    env["ir.model"]._care_forget("customer_care_kpi")
