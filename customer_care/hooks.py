"""What Odoo's uninstall leaves behind and this addon takes away."""


def uninstall_hook(env):
    """Delete the tickets with their events, and what hangs on the models of the addon.

    Odoo deletes the shipped mail templates and stages first, which it cannot while a
    stage sends the template and tickets stand on the stage.
    """
    env["ir.model"]._care_forget("customer_care")
    env.cr.execute(
        """
        DROP TRIGGER IF EXISTS care_ticket_event_guard ON care_ticket_event;
        DROP FUNCTION IF EXISTS care_ticket_event_guard();
        DELETE FROM care_ticket;
        UPDATE care_ticket_stage SET template_id = NULL;
        """
    )
    env.invalidate_all(flush=False)
