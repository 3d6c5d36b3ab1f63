from . import ir_model, res_company, res_config_settings, res_users
