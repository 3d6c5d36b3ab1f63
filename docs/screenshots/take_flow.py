"""Pages of replies, silence and effort."""

from shot import BOTH, WIDE, Shot


def _open_replies(page, _lang):
    """Open the first team on the page of replies and silence."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.locator("a.nav-link[name=flow]").click()
    page.wait_for_timeout(500)


def _open_effort(page, _lang):
    """Open the first ticket on its page of effort."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector(".o_care_effort")
    page.locator("a.nav-link[name=effort]").click()
    page.wait_for_timeout(500)


SHOTS = [
    Shot(
        "replies",
        "care_manager",
        "/odoo/care-teams",
        ".o_data_row",
        (WIDE,),
        _open_replies,
        True,
    ),
    Shot(
        "effort",
        "care_agent",
        "/odoo/care-tickets",
        ".o_data_row",
        BOTH,
        _open_effort,
        True,
    ),
]
