"""What Odoo's uninstall leaves behind and this addon takes away."""


def uninstall_hook(env):
    """Delete the tickets with their events, and what hangs on the models of the addon.

    Odoo deletes the shipped mail templates, stages and messages first, which it cannot
    while a stage sends the template, tickets stand on the stage and messages were sent.
    """
    env["ir.model"]._care_forget("customer_care")
    _forget_rules(env)
    env.cr.execute(
        """
        DELETE FROM care_script_use;
        DELETE FROM care_script;
        DROP TRIGGER IF EXISTS care_ticket_event_guard ON care_ticket_event;
        DROP FUNCTION IF EXISTS care_ticket_event_guard();
        DROP FUNCTION IF EXISTS care_business_deadline(integer, timestamp, bigint);
        DROP FUNCTION IF EXISTS care_business_seconds(integer, timestamp, timestamp);
        DROP FUNCTION IF EXISTS care_business_position(integer, timestamp);
        DELETE FROM care_message_delivery;
        DELETE FROM care_feedback;
        UPDATE care_team SET survey_id = NULL;
        DELETE FROM mail_activity WHERE activity_type_id IN (
            SELECT res_id FROM ir_model_data
             WHERE module = 'customer_care' AND model = 'mail.activity.type');
        DELETE FROM care_ticket;
        UPDATE care_ticket_stage SET template_id = NULL;
        """
    )
    _forget_hours(env)
    env.invalidate_all(flush=False)


def _forget_hours(env):
    """Delete the holidays of the set-up, and its hours where nobody else uses them."""
    env.cr.execute(
        """
        DELETE FROM resource_calendar_leaves WHERE care_holiday IS NOT NULL;
        UPDATE care_team SET resource_calendar_id = NULL;
        CREATE TEMP TABLE care_hours ON COMMIT DROP AS
            SELECT care_calendar_id AS id FROM res_company
             WHERE care_calendar_id IS NOT NULL;
        UPDATE res_company SET care_calendar_id = NULL;
        DELETE FROM resource_calendar calendar
         USING care_hours hours
         WHERE hours.id = calendar.id
           AND NOT EXISTS (SELECT 1 FROM res_company
                            WHERE resource_calendar_id = calendar.id)
           AND NOT EXISTS (SELECT 1 FROM resource_resource
                            WHERE calendar_id = calendar.id)
           AND NOT EXISTS (SELECT 1 FROM resource_calendar_leaves
                            WHERE calendar_id = calendar.id)
           AND NOT EXISTS (SELECT 1 FROM ir_model_data
                            WHERE model = 'resource.calendar'
                              AND res_id = calendar.id);
        DROP TABLE care_hours
        """
    )


def _forget_rules(env):
    """Delete rules, automations and actions that wait for segments and care stages.

    They keep what they use from being deleted; Odoo would stop at the first of them.
    """
    env.cr.execute("DELETE FROM care_rule_run")
    env["care.rule"].with_context(active_test=False).search([]).unlink()
    env["base.automation"].with_context(active_test=False).search(
        [("trigger", "=like", "on\\_care\\_%")]
    ).unlink()
    env["ir.actions.server"].search([("state", "=like", "care\\_%")]).unlink()
