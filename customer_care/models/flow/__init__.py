from . import (
    care_team,
    care_ticket,
    care_ticket_closing,
    care_ticket_event,
    care_ticket_follow_up,
    care_ticket_thanks,
)
