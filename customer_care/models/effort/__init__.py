from . import (
    care_effort,
    care_effort_timer,
    care_ticket,
    res_company,
    res_config_settings,
)
