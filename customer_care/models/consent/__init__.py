from . import care_append_only  # isort: skip
from . import (
    care_consent,
    care_contact_counter,
    care_contact_log,
    care_gate,
    care_gate_checks,
    care_limit,
    care_limit_line,
    care_profile,
    care_ticket,
    res_company,
    res_partner,
)
