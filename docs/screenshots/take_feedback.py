"""Pictures of feedback: what customers see, what they said, who follows it up."""

from shot import BOTH, Shot


def _open_survey(page, _lang):
    """Open the first survey of the list."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.wait_for_timeout(800)


def _open_solved(page, _lang):
    """Open a solved request, where the question stands too."""
    page.locator(".o_care_conversation_feedback").scroll_into_view_if_needed()
    page.locator(".o_care_score").nth(4).click()
    page.wait_for_timeout(300)


SHOTS = [
    Shot("feedback", "care_manager", "/odoo/care-feedback", ".o_data_row", BOTH),
    Shot("low-scores", "care_manager", "/odoo/care-low-scores", ".o_data_row", BOTH),
    Shot(
        "survey",
        "care_manager",
        "/odoo/care-surveys",
        ".o_data_row",
        steps=_open_survey,
    ),
]
