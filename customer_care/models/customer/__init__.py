from . import care_stage, res_partner
