"""Pictures of duplicates, merging and forgetting."""

from shot import PHONE, WIDE, Shot


def _compare(page, _lang):
    """Open the comparison of the first pair."""
    page.locator(".o_data_row button[name=action_merge]").first.click()
    page.wait_for_selector(".modal .o_field_widget[name=preview] table")
    page.wait_for_timeout(500)


SHOTS = [
    Shot(
        "duplicates",
        "care_lead",
        "/odoo/care-duplicates",
        ".o_data_row, .o_kanban_record",
        (WIDE, PHONE),
    ),
    Shot(
        "duplicates-compare",
        "care_lead",
        "/odoo/care-duplicates",
        ".o_data_row",
        (WIDE,),
        _compare,
    ),
]
