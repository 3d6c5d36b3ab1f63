"""Scripts and urgency."""

from shot import BOTH, WIDE, Shot, open_record


def _open_first(page, _lang):
    """Open the first record of the list."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.wait_for_timeout(1000)


def _open_urgent(page, _lang):
    """Open a ticket that several rules make urgent."""
    domain = [["is_open", "=", True], ["urgency", ">=", 40]]
    open_record(page, "care-tickets", "care.ticket", domain)
    page.wait_for_selector(".o_care_urgency")
    page.wait_for_timeout(2000)  # the conversation comes after the fields


def _answer(page, lang):
    """Put a script into the reply to that ticket."""
    _open_urgent(page, lang)
    page.locator(".o-mail-Chatter-sendMessage").click()
    page.locator(".o_care_script").nth(1).click()
    page.wait_for_timeout(1000)


SHOTS = [
    Shot(
        "scripts",
        "care_manager",
        "/odoo/care-scripts",
        ".o_data_row, .o_kanban_record",
        BOTH,
    ),
    Shot(
        "script",
        "care_manager",
        "/odoo/care-scripts",
        ".o_data_row, .o_kanban_record",
        (WIDE,),
        _open_first,
        True,
    ),
    Shot(
        "script-ticket",
        "care_manager",
        "/odoo/care-tickets",
        ".o_data_row, .o_kanban_record",
        BOTH,
        _answer,
    ),
    Shot("urgency-rules", "care_manager", "/odoo/care-urgency", ".o_data_row", (WIDE,)),
    Shot(
        "urgency-ticket",
        "care_manager",
        "/odoo/care-tickets",
        ".o_data_row, .o_kanban_record",
        (WIDE,),
        _open_urgent,
    ),
]
