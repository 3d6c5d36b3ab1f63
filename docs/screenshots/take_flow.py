"""Pages of replies, silence and effort."""

from shot import BOTH, WIDE, Shot, open_record


def _open_replies(page, _lang):
    """Open the first team on the page of replies and silence."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.locator("a.nav-link[name=flow]").click()
    page.wait_for_timeout(500)


def _open_effort(page, _lang):
    """Open a ticket with effort on that page."""
    domain = [["effort_seconds", ">", 0], ["is_open", "=", False]]
    open_record(page, "care-tickets", "care.ticket", domain)
    page.wait_for_selector(".o_care_effort")
    page.locator("a.nav-link[name=effort]").click()
    page.wait_for_timeout(1500)


def _open_thanks(page, _lang):
    """Open a ticket on which a customer said thanks."""
    domain = [["thanked_on", "!=", False]]
    open_record(page, "care-tickets", "care.ticket", domain)
    page.wait_for_selector(".o_care_thanks")
    page.wait_for_timeout(2500)  # the conversation comes after the fields


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
        "care_manager",
        "/odoo/care-tickets",
        ".o_data_row, .o_kanban_record",
        BOTH,
        _open_effort,
        True,
    ),
    Shot(
        "thanks",
        "care_manager",
        "/odoo/care-tickets",
        ".o_data_row, .o_kanban_record",
        BOTH,
        _open_thanks,
        True,
    ),
]
