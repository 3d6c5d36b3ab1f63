from . import (
    care_profile,
    care_start,
    care_start_hours,
    care_start_people,
    care_start_sources,
    care_start_stages,
    care_ticket,
    res_company,
    resource_calendar_leaves,
)
