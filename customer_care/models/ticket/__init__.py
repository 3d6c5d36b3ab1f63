from . import (
    care_setup_cache,
    care_team,
    care_ticket,
    care_ticket_category,
    care_ticket_channel,
    care_ticket_event,
    care_ticket_history,
    care_ticket_opening,
    care_ticket_stage,
    care_ticket_tag,
    ir_sequence,
    res_partner,
)
