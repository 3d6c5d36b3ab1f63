"""Pictures of messages: a text, who gets it, what the customer chooses."""

from shot import PHONE, Shot


def _open_first(page, _lang):
    """Open the first text of the list."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.wait_for_timeout(1500)  # the editor comes after the fields


def _check_audience(page, _lang):
    """Write to a segment and look who gets it, without sending."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector("button[name=action_write_message]")
    page.locator("button[name=action_write_message]").click()
    page.wait_for_selector(".modal .o_form_view")
    page.locator(".modal [name=message_id] input").click()
    page.locator(".o-autocomplete--dropdown-item").first.click()
    page.wait_for_timeout(800)
    page.locator(".modal button[name=action_check]").click()
    page.wait_for_selector(".modal .o_care_verdicts:visible")
    page.wait_for_timeout(800)


SHOTS = [
    Shot(
        "messages",
        "care_manager",
        "/odoo/care-messages",
        ".o_data_row",
        steps=_open_first,
    ),
    Shot(
        "message-check",
        "care_manager",
        "/odoo/care-segments",
        ".o_data_row",
        steps=_check_audience,
    ),
    Shot(
        "choices",
        "care_customer",
        "/my/consent",
        ".o_care_choices",
        widths=(PHONE,),
        whole=True,
    ),
]
