from . import (
    care_rule,
    care_rule_run,
    care_ticket_mood,
    care_ticket_urgency,
    care_ticket_urgency_facts,
    care_urgency_rule,
    res_partner,
)
