from . import care_ticket_work
