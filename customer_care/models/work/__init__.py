from . import (
    care_team_work,
    care_ticket_event_work,
    care_ticket_panel,
    care_ticket_work,
)
