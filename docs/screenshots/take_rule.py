"""Pages of automatic rules."""

from shot import BOTH, WIDE, Shot


def _open_rule(page, _lang):
    """Open the first rule."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.wait_for_timeout(2000)  # the preview is counted


SHOTS = [
    Shot(
        "rules",
        "care_manager",
        "/odoo/care-rules",
        ".o_data_row, .o_kanban_record",
        BOTH,
    ),
    Shot(
        "rule",
        "care_manager",
        "/odoo/care-rules",
        ".o_data_row",
        (WIDE,),
        _open_rule,
        True,
    ),
]
