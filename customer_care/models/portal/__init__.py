from . import (
    care_form_stamp,
    care_rate_counter,
    care_ticket_category,
    care_ticket_conversation,
    care_ticket_link,
    care_ticket_portal,
    care_ticket_request,
    care_ticket_sender,
    ir_attachment,
    ir_http,
    ir_qweb,
    mail_message,
)
