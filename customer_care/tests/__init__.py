from .assignment import (
    test_assignment,
    test_assignment_races,
    test_assignment_returns,
    test_assignment_tours,
)
from .board import test_board_tours, test_care_board, test_readiness
from .consent import (
    test_care_consent,
    test_care_contact_log,
    test_care_gate,
    test_care_limit,
    test_consent_tours,
    test_gate_matrix,
    test_gate_races,
    test_quiet_hours,
    test_wizards,
)
from .customer import (
    test_care_profile,
    test_care_stage_rule,
    test_population,
    test_res_partner,
)
from .effort import test_effort, test_effort_tours
from .feedback import (
    test_answering,
    test_asking,
    test_feedback_races,
    test_feedback_rights,
    test_feedback_tours,
    test_follow_up,
    test_people,
    test_results,
)
from .flow import (
    test_closing,
    test_flow_tours,
    test_new_ticket_of_reply,
    test_thanks,
)
from .identity import (
    test_care_duplicate,
    test_export_bundle,
    test_forget,
    test_identity_tours,
    test_merge,
    test_merge_races,
    test_privacy_lookup,
    test_retention,
)
from .intake import (
    test_care_import,
    test_care_import_access,
    test_care_import_bad_input,
    test_care_import_races,
    test_care_import_tours,
    test_sale_order_delivered,
)
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
from .message import (
    test_care_message,
    test_choice_pages,
    test_counter,
    test_message_tours,
    test_outbox_races,
    test_sending,
    test_write_wizard,
)
from .panorama import (
    test_panorama,
    test_panorama_tours,
    test_reach,
    test_sentence,
    test_suggestion,
    test_timeline,
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
from .promise import (
    test_business_time,
    test_clock_job,
    test_histories,
    test_promise_bad_input,
    test_promise_races,
    test_promise_tours,
    test_promise_words,
    test_sla_policy,
    test_worked_examples,
)
from .rule import (
    test_base_automation,
    test_care_rule,
    test_rule_access,
    test_rule_do,
    test_rule_preview,
    test_rule_queries,
    test_rule_races,
    test_rule_tours,
    test_rule_who,
    test_server_actions,
)
from .script import (
    test_care_script,
    test_care_ticket_script,
    test_script_tours,
)
from .segment import (
    test_care_segment,
    test_first_fill,
    test_incremental,
    test_segment_access,
    test_segment_queries,
    test_segment_races,
    test_segment_tours,
)
from .settings import test_care_shared_record
from .start import test_care_start, test_start_tours
from .ticket import test_care_ticket, test_care_ticket_event
from .urgency import (
    test_care_ticket_mood,
    test_care_ticket_urgency,
    test_care_urgency_rule,
)
from .work import (
    test_export,
    test_hand_over,
    test_hoot,
    test_my_work,
    test_team_today,
    test_tours,
)
