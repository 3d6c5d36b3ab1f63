"""What Odoo's uninstall leaves behind and this addon takes away."""


def uninstall_hook(env):
    """Delete what hangs on the models of this addon: pictures of tiers, filters."""
    env["ir.model"]._care_forget("customer_care_loyalty")
