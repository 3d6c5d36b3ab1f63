from . import test_export, test_hoot, test_measure, test_tour
from .settings import test_res_company
from .ticket import (
    test_care_ticket_fact,
    test_identity,
    test_random_histories,
    test_worked_examples,
)
