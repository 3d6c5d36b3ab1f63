from .ticket import test_care_ticket_event
