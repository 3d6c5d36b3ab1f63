"""What a care manager does in the browser, in Vietnamese."""

import contextlib
import os
import re
import shutil
import time
from pathlib import Path

from playwright.sync_api import Error, expect, sync_playwright

from .shop import MANAGER, PASSWORD, ZONE

#: Milliseconds to wait for one thing; a machine may be busy with other tests.
PATIENCE = 600_000
#: Seconds that an import may take before the test gives up.
IMPORT_LIMIT = 1_800
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
#: Where pictures of the steps go, if anywhere.
PICTURES = os.environ.get("CARE_FIRST_HOUR_PICTURES")


class Manager:
    """The care manager at her computer, or with her phone.

    :param page: of playwright, logged in
    """

    def __init__(self, page, shop):
        self.page = page
        self.shop = shop

    def find(self, selector, **options):
        return self.page.locator(selector, **options)

    def shoot(self, name):
        """Take a picture when somebody wants to look at the steps."""
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)

    def step(self, code):
        """Return the step of the set-up, once it is open."""
        step = self.find(f".o_care_start_open[data-step='{code}']")
        step.wait_for()
        return step

    def state(self, code):
        """Return the icon of a step, by its state."""
        return self.find(f"[data-step='{code}'] .o_care_start_head i").first

    def open_app(self):
        """Open the app as people do, from the menu of apps."""
        self.page.goto(f"{self.shop.url}/odoo")
        self.find(".o_navbar_apps_menu button").click()
        self.find("[data-menu-xmlid='customer_care.menu_root']").click()

    def open_set_up(self):
        self.page.goto(f"{self.shop.url}/odoo/care-set-up")

    # --------------------------------------------------------------------- steps
    def set_hours(self):
        """Step 1: Saturday morning, and the holidays with Tết as proposed."""
        step = self.step("hours")
        step.locator("#o_care_saturday_morning").check()
        expect(step.locator(".o_care_start_day input:checked").first).to_be_visible()
        self.shoot("1-hours")
        step.locator(".o_care_start_apply").click()

    def give_role(self, name):
        """Step 2: a role for a colleague."""
        step = self.step("people")
        person = step.locator("li", has=self.find(f"strong:text-is('{name}')"))
        person.locator("select").select_option("group_agent_own")
        expect(person.locator("select")).to_be_enabled()
        expect(person.locator(".o_care_start_sentence")).not_to_be_empty()
        self.shoot("2-people")
        step.locator(".o_care_start_apply").click()

    def send_file(self, path):
        """Step 3: a file; return the address of the import once columns are shown."""
        self.step("sources").locator(".o_care_start_import").click()
        self.find("[name=file] input[type=file]").set_input_files(path)
        self.find("[name=file] .o_clear_file_button").wait_for()
        self.shoot("3-file")
        self.find(".o_form_button_save").click()
        self.wait_for_state("columns")
        self.page.wait_for_url(re.compile(r"/\d+$"))
        return self.page.url

    def wait_for_state(self, state):
        """Wait until the import on the screen says that it is so far."""
        chosen = ".o_arrow_button_current"
        self.find(f".o_statusbar_status {chosen}[data-value='{state}']").wait_for()

    def roles(self):
        """Return what each column was taken as, in words, in the order of the file."""
        cells = self.find("[name=column_ids] td[name=role]")
        return [text.strip() for text in cells.all_inner_texts()]

    def correct_days(self, heading, label):
        """Say how a column writes days: the file shows both ways."""
        row = self.find("[name=column_ids] tr.o_data_row", has_text=heading)
        row.locator("td[name=date_order]").click()
        chosen = self.find("[name=column_ids] td[name=date_order] input")
        chosen.click()
        self.find(".o_select_menu_item", has_text=label).click()
        self.find(".o_form_sheet h3").first.click()
        expect(row.locator("td[name=date_order]")).to_contain_text(label)

    def watch_progress(self):
        """Return what the bar said on the way; wait until it is gone."""
        bar = self.find(".o_care_import_progress")
        bar.wait_for()
        seen = [bar.inner_text().strip()]
        done = self.find(".o_arrow_button_current[data-value='done']")
        until = time.monotonic() + IMPORT_LIMIT
        while not done.count():
            assert time.monotonic() < until, seen
            with contextlib.suppress(Error):
                text = bar.inner_text(timeout=1_000).strip()
                if text != seen[-1]:
                    seen.append(text)
            self.page.wait_for_timeout(300)
        return seen

    def know_customers(self):
        """Step 3, its end: these are our customers."""
        self.step("sources").locator(".o_care_start_apply").click()

    def counts(self):
        """Step 4: return care stage id → customers, as the table says."""
        table = self.step("stages").locator(".o_care_start_counts")
        expect(table).to_have_attribute("aria-busy", "false")
        return {
            int(row.get_attribute("data-stage-id")): int(
                row.locator(".o_care_start_then").inner_text()
            )
            for row in table.locator("tbody tr").all()
        }

    def slide(self, code, days, stage_id, wanted):
        """Step 4: move a slider, and wait until this stage counts so many."""
        self.step("stages").locator(f"#o_care_slider_{code}").fill(str(days))
        cell = self.find(f"tr[data-stage-id='{stage_id}'] .o_care_start_then")
        expect(cell).to_have_text(str(wanted))

    def apply_stages(self):
        self.step("stages").locator(".o_care_start_apply").click()
        self.find(".o_care_start_finished").wait_for()


@contextlib.contextmanager
def open_browser():
    """Yield a headless browser."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        program = os.environ.get("CARE_BROWSER") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@contextlib.contextmanager
def logged_in(browser, shop, width=1400):
    """Yield the care manager, who logged in by the form; what breaks is an error."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        is_mobile=width < 1000,
        has_touch=width < 1000,
        locale="vi-VN",
        timezone_id=ZONE,
        reduced_motion="reduce",
    )
    page, broken = context.new_page(), []
    page.set_default_timeout(PATIENCE)
    page.set_default_navigation_timeout(PATIENCE)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(f"{shop.url}/web/login")
    page.fill("#login", MANAGER)
    page.fill("#password", PASSWORD)
    page.click("form.oe_login_form button[type=submit]")
    page.locator(".o_web_client .o_main_navbar").wait_for()
    manager = Manager(page, shop)
    try:
        yield manager
    except BaseException:
        print(shop.log.read_text()[-6_000:])
        with contextlib.suppress(Error):
            manager.shoot("broken")
        raise
    finally:
        context.close()
    assert not broken, broken
