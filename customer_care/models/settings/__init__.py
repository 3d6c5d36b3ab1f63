from . import (
    care_shared_record,
    care_shared_setting,
    ir_model,
    ir_module_module,
    res_company,
    res_config_settings,
    res_users,
)
