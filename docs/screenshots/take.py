"""Which pages of the demo company the documentation shows.

Further pages, one file for each subject: ``take_<subject>.py`` with its own ``SHOTS``.
"""

import importlib
import re
from pathlib import Path

from browser import Camera
from playwright.sync_api import Error
from shot import BOTH, PHONE, WIDE, Shot, open_record

LANGUAGES = {"en": "en_US", "vi": "vi_VN"}


def _open_complaint(page, _lang):
    """Open the complaint that came back after it was solved."""
    domain = [["stage_category", "=", "open"], ["reopen_count", ">", 0]]
    open_record(page, "care-tickets", "care.ticket", domain)
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.wait_for_timeout(2500)  # the conversation comes after the fields


def _open_segment(page, _lang):
    """Open the segment that is made from another one."""
    page.locator(".o_data_row td[name=name]").first.click()
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.wait_for_timeout(1500)  # the preview is counted


def _open_customer(page, _lang):
    """Open a loyal customer's contact on the page of Customer Care."""
    open_record(page, "res.partner", "res.partner", [["name", "=", "Nguyễn Thị Mai"]])
    page.wait_for_selector(".o_form_view .o_form_sheet")
    page.locator(".o_notebook a[name=customer_care]").click()
    page.wait_for_timeout(1500)


def _fill_form(page, lang):
    """Write a request as a customer does, without sending it."""
    english = lang == "en_US"
    topics = page.locator("select[name=category] option")
    topic = topics.filter(has_text="Something Is Broken" if english else "Máy bị lỗi")
    page.locator("select[name=category]").select_option(
        topic.first.get_attribute("value")
    )
    page.locator("textarea[name=text]").fill(
        "The oven does not get warm. Could somebody look at it this week?"
        if english
        else "Máy giặt không vắt, màn hình báo E2. Nhờ bên mình cho thợ qua xem giúp."
    )
    page.locator("input[name=name]").fill(
        "Anna Schmidt" if english else "Trần Văn Hùng"
    )
    page.locator("input[name=phone]").fill("0900 001 002")


def _send_form(page, lang):
    _fill_form(page, lang)
    page.wait_for_timeout(4000)  # the form refuses programs, which are faster
    page.locator("form.o_care_form button[type=submit]").click()
    page.wait_for_selector(".o_care_number")


def _open_conversation(page, lang):
    _send_form(page, lang)
    page.locator("a.o_care_open").click()
    page.wait_for_selector(".o_care_steps")


def _open_request(page, _lang):
    """Open the request that needs an answer of the customer."""
    page.locator("a[href*='/my/tickets/']").filter(has_text="E2").first.click()
    page.wait_for_selector(".o_care_steps")


SHOTS = [
    Shot("my-work", "care_agent", "/odoo/care-my-work", ".o_care_row", BOTH),
    Shot("team-today", "care_lead", "/odoo/care-team-today", ".o_care_card", BOTH),
    Shot("tickets", "care_manager", "/odoo/care-tickets?view_type=list", ".o_data_row"),
    Shot(
        "board",
        "care_manager",
        "/odoo/care-tickets?view_type=kanban",
        ".o_kanban_record",
        BOTH,
    ),
    Shot(
        "ticket",
        "care_agent",
        "/odoo/care-my-work",
        ".o_care_row",
        BOTH,
        _open_complaint,
    ),
    Shot("quarantine", "care_lead", "/odoo/care-mail", ".o_data_row"),
    Shot("customers", "care_manager", "/odoo/care-customers", ".o_data_row"),
    Shot("segments", "care_manager", "/odoo/care-segments", ".o_data_row"),
    Shot(
        "segment",
        "care_manager",
        "/odoo/care-segments",
        ".o_data_row",
        (WIDE,),
        _open_segment,
        True,
    ),
    Shot(
        "customer",
        "care_manager",
        "/odoo/care-customers",
        ".o_data_row",
        (WIDE,),
        _open_customer,
    ),
    Shot("analysis", "care_manager", "/odoo/care-ticket-analysis", ".o_pivot table"),
    Shot("team", "care_manager", "/odoo/care-teams", ".o_data_row"),
    Shot("contact", None, "/help/contact", "form.o_care_form", BOTH, _fill_form, True),
    Shot(
        "thanks", None, "/help/contact", "form.o_care_form", (PHONE,), _send_form, True
    ),
    Shot(
        "conversation",
        None,
        "/help/contact",
        "form.o_care_form",
        BOTH,
        _open_conversation,
        True,
    ),
    Shot("portal-list", "care_customer", "/my/tickets", ".o_care_page", BOTH),
    Shot(
        "portal-ticket",
        "care_customer",
        "/my/tickets",
        ".o_care_page",
        BOTH,
        _open_request,
        True,
    ),
    Shot(
        "portal-new",
        "care_customer",
        "/my/tickets/new",
        "form.o_care_form",
        (PHONE,),
        None,
        True,
    ),
]


def _all_shots():
    """Return the pages of this file and of those beside it."""
    files = sorted(Path(__file__).parent.glob("take_*.py"))
    more = [importlib.import_module(file.stem).SHOTS for file in files]
    return sum(more, SHOTS)


def take_all(url, database, folder, only=""):
    """Take the pictures whose name matches ``only``; return the errors of the pages."""
    with Camera(url, database, folder) as camera:
        for shot in _all_shots():
            if re.search(only, shot.name):
                for short, lang in LANGUAGES.items():
                    for width in shot.widths:
                        _take(camera, shot, f"{shot.name}-{short}-{width}", lang, width)
        return camera.problems


def _take(camera, shot, name, lang, width):
    """Take one picture; one that fails is told and stops no other."""
    page = camera.visit(shot.login, lang, width)
    try:
        page.goto(camera.url + shot.path)
        page.wait_for_selector(shot.wait)
        if shot.steps:
            shot.steps(page, lang)
        camera.shoot(page, name, shot.whole)
    except Error as error:
        camera.problems.append(f"{name}: {error}")
    finally:
        page.context.close()
