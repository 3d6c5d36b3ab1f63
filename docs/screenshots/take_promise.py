"""Pages of promises."""

from shot import BOTH, WIDE, Shot


def _open_promise(page, _lang):
    """Open the promise that everybody gets."""
    page.locator(".o_data_row td[name=name]").last.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.wait_for_timeout(800)


def _open_ticket(page, _lang):
    """Open the ticket that is due next, at its promises."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.locator(".o_notebook a[name=promises]").click()
    page.wait_for_timeout(800)


SHOTS = [
    Shot("promises", "care_manager", "/odoo/care-promises", ".o_data_row", BOTH),
    Shot(
        "promise",
        "care_manager",
        "/odoo/care-promises",
        ".o_data_row",
        (WIDE,),
        _open_promise,
        True,
    ),
    Shot(
        "ticket-promises",
        "care_manager",
        "/odoo/care-tickets",
        ".o_data_row",
        (WIDE,),
        _open_ticket,
        True,
    ),
]
