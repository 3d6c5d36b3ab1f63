from . import (
    care_shared_record,
    care_shared_setting,
    ir_model,
    res_company,
    res_config_settings,
    res_users,
)
