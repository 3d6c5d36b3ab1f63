from . import (
    care_readiness_change,
    care_stage_board,
    care_stage_change,
    crm_lead,
    res_company,
    res_config_settings,
    res_partner_board,
    res_partner_card,
    res_partner_readiness,
    res_partner_risk,
    sale_order,
)
