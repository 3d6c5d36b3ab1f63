# Models of Odoo inherit the mixin, so that it has to be there before them.
from . import care_touch_mixin  # isort: skip
from . import (
    account_move,
    care_profile,
    care_profile_refresh,
    care_profile_score,
    care_purchase,
    care_purchase_source,
    care_stage,
    care_stage_change,
    care_stage_rule,
    care_touch,
    crm_lead,
    res_company,
    res_partner,
    res_partner_birthday,
    res_partner_population,
    res_partner_stage,
    res_users,
    sale_order,
)
