from . import test_tour
from .customer import test_identity, test_res_partner
from .loyalty import test_loyalty_tier
from .ticket import test_care_ticket
