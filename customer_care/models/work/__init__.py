from . import res_partner_work
from . import care_ticket_event_work
from . import care_ticket_work
from . import care_ticket_panel
from . import care_team_work
