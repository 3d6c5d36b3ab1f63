"""Contacts, consents, quiet hours, and why nothing was sent."""

from urllib.parse import urljoin, urlsplit

from shot import BOTH, PHONE, Shot, open_record


def _open_page(page, _lang):
    """Open a customer who took a yes back, on the page of contacts and consents."""
    domain = [["name", "=", "Bùi Phương Thảo"]]
    open_record(page, "res.partner", "res.partner", domain)
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.locator(".o_notebook a[name=care_contacts]").click()
    page.wait_for_timeout(1500)


def _ask_why(page, lang):
    """Ask why nothing was sent to that customer."""
    _open_page(page, lang)
    page.locator("button[name=action_care_why_not]").click()
    page.wait_for_selector(".modal .o_care_why")
    page.wait_for_timeout(800)


def _scan(page, _lang):
    """Open what the code at the counter opens, on the server of the pictures.

    The code holds the public address of the company, which leads elsewhere.
    """
    link = page.locator(".o_care_counter_tools a[href*='/care/counter/']")
    page.goto(urljoin(page.url, urlsplit(link.get_attribute("href")).path))
    page.wait_for_selector(".o_care_counter")


SHOTS = [
    Shot("contact-log", "care_agent", "/odoo/care-contacts", ".o_data_row", BOTH),
    Shot(
        "consents",
        "care_agent",
        "/odoo/care-customers",
        ".o_data_row",
        steps=_open_page,
    ),
    Shot("why-not", "care_agent", "/odoo/care-my-work", ".o_care_row", BOTH, _ask_why),
    Shot(
        "counter",
        "care_manager",
        "/care/counter",
        ".o_care_counter_sheet img",
        (PHONE,),
        _scan,
        True,
    ),
    Shot("counter-sheet", "care_manager", "/care/counter", ".o_care_counter_sheet img"),
    Shot("limits", "care_manager", "/odoo/care-limits", ".o_form_view .o_data_row"),
]
