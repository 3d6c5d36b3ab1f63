"""Pictures of feedback: what customers see, what they said, who follows it up."""

from shot import BOTH, PHONE, Shot


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


def _go_to_solved(page, lang):
    """Go from the list of requests to the first solved one with a question."""
    paths = [
        link.get_attribute("href")
        for link in page.locator("a[href*='/my/tickets/']").all()
    ]
    home = page.url.partition("/my/")[0]
    for path in dict.fromkeys(paths):
        if not path or "new" in path:
            continue
        page.goto(path if path.startswith("http") else home + path)
        if page.locator(".o_care_conversation_feedback").count():
            break
    _open_solved(page, lang)


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
    Shot(
        "feedback-page",
        "care_customer",
        "/my/tickets?filterby=all",
        ".o_care_page, .o_portal",
        (PHONE,),
        _go_to_solved,
    ),
]
