from . import (
    care_away,
    care_person_turn,
    care_team,
    care_team_presence,
    care_team_share,
    care_team_today,
    care_team_turn,
    care_ticket,
    care_ticket_ping_pong,
    care_ticket_take_back,
    care_ticket_waiting,
    res_users,
)
