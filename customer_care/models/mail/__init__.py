from . import (
    care_inbound,
    care_inbound_processing,
    care_inbound_quarantine,
    care_inbound_routing,
    care_receipt,
    care_team_mail,
    care_ticket_mail,
    care_ticket_notify,
    mail_mail,
    mail_thread,
    res_company_mail,
)
