"""Pictures of the page of a customer."""

from shot import BOTH, PHONE, Shot, open_record


def _open_customer(page, _lang):
    """Open a loyal customer of whom there is much to tell."""
    domain = [["name", "=", "Nguyễn Thị Mai"]]
    open_record(page, "care-customers", "res.partner", domain)
    page.wait_for_selector(".o_care_line")


def _log_contact(page, lang):
    _open_customer(page, lang)
    page.locator(".o_care_log").click()
    page.wait_for_selector(".o_care_log_menu")


SHOTS = [
    Shot(
        "customer-360",
        "care_agent",
        "/odoo/care-my-work",
        ".o_care_row",
        BOTH,
        _open_customer,
    ),
    Shot(
        "customer-log",
        "care_agent",
        "/odoo/care-my-work",
        ".o_care_row",
        (PHONE,),
        _log_contact,
    ),
]
