"""What Odoo's uninstall leaves behind and this addon takes away."""


def uninstall_hook(env):
    """Drop the trigger and the function of the event log."""
    env.cr.execute(
        """
        DROP TRIGGER IF EXISTS care_ticket_event_guard ON care_ticket_event;
        DROP FUNCTION IF EXISTS care_ticket_event_guard();
        """
    )
