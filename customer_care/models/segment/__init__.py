from . import (
    care_segment,
    care_segment_condition,
    care_segment_event,
    care_segment_member,
    care_segment_preview,
    care_segment_refresh,
    care_segment_size,
    care_ticket,
    care_touch,
    res_company,
    res_partner,
)
