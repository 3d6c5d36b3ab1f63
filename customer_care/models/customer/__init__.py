from . import care_stage
from . import res_partner
