from .customer import test_res_partner
from .ticket import test_care_ticket, test_care_ticket_event
