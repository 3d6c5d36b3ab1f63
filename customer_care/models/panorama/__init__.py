from . import (
    res_partner_journey,
    res_partner_panorama,
    res_partner_reach,
    res_partner_sentence,
    res_partner_suggestion,
    res_partner_timeline,
    res_partner_timeline_sales,
    res_partner_timeline_sources,
)
