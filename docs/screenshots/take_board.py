"""Pictures of the Care Board and of the set-up."""

from shot import PHONE, WIDE, Shot


def _open_move(page, _lang):
    """Ask until when a customer shall be kept."""
    card = page.locator(".o_care_customer").first
    card.locator(".o_care_move").click()
    page.locator(".o_care_move_menu .dropdown-item").nth(3).click()
    page.wait_for_selector("#o_care_keep_until")


def _open_step(code):
    def steps(page, _lang):
        head = page.locator(f"[data-step={code}] .o_care_start_head")
        if head.get_attribute("aria-expanded") == "false":
            head.click()
        page.wait_for_selector(f"[data-step={code}] .o_care_start_apply")
        page.wait_for_timeout(1000)

    return steps


SHOTS = [
    Shot(
        "care-board",
        "care_agent",
        "/odoo/care-board",
        ".o_care_board .o_care_customer",
        widths=(WIDE, PHONE),
    ),
    Shot(
        "care-board-move",
        "care_agent",
        "/odoo/care-board",
        ".o_care_board .o_care_customer",
        steps=_open_move,
    ),
    Shot(
        "set-up",
        "care_manager",
        "/odoo/care-set-up",
        ".o_care_start_sheet",
        widths=(WIDE, PHONE),
        steps=_open_step("hours"),
    ),
    Shot(
        "set-up-stages",
        "care_manager",
        "/odoo/care-set-up",
        ".o_care_start_sheet",
        steps=_open_step("stages"),
    ),
]
