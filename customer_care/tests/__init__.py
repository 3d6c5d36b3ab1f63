from .customer import test_care_profile, test_care_stage_rule, test_res_partner
from .mail import (
    test_care_inbound,
    test_corpus,
    test_inbox,
    test_mail_retry,
    test_outgoing,
    test_quarantine,
    test_receipt,
    test_threading,
)
from .portal import (
    test_care_form_stamp,
    test_care_rate_counter,
    test_care_ticket_link,
    test_care_ticket_portal,
    test_contact_form,
    test_contact_form_bad_input,
    test_link_pages,
    test_portal_pages,
    test_portal_races,
    test_portal_tours,
)
from .segment import (
    test_care_segment,
    test_first_fill,
    test_segment_access,
    test_segment_queries,
    test_segment_tours,
)
from .settings import test_care_shared_record
from .ticket import test_care_ticket, test_care_ticket_event
from .work import (
    test_export,
    test_hand_over,
    test_hoot,
    test_my_work,
    test_team_today,
    test_tours,
)
