"""An empty database, a file of 40,000 lines, and a care manager: steps 1 to 4.

She works in the browser and in Vietnamese; afterwards the database is compared with a
second count of the file. How long each part took is printed, never asserted.
"""

import base64
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from . import customers_file
from .browser import IMPORT_LIMIT, PATIENCE, logged_in, open_browser
from .shop import MANAGER_EMAIL, ZONE, empty_shop, in_vietnamese

LINES = 40_000
#: First days of the lunar year, from the almanac.
NEW_YEARS = ["2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03"]
NEW_YEARS += ["2031-01-23", "2032-02-11", "2033-01-31", "2034-02-19", "2035-02-08"]
AGAIN = 1_000
#: What reaches somebody, or would. Odoo itself tells the manager of her own logins.
TOLD = {
    "mail_mail": f"COALESCE(email_to, '') NOT LIKE '%{MANAGER_EMAIL}%'"
    " AND NOT EXISTS (SELECT 1 FROM mail_mail_res_partner_rel rel"
    " JOIN res_partner contact ON contact.id = rel.res_partner_id"
    f" WHERE rel.mail_mail_id = mail_mail.id AND contact.email = '{MANAGER_EMAIL}')",
    "sms_sms": "TRUE",
    "mail_activity": "TRUE",
    "care_contact_log": "TRUE",
}
EVENTS = ["care_segment_event", "care_stage_change", "care_readiness_change"]
DORMANT = 90


class Clock:
    """Prints how long each part took."""

    def __init__(self):
        self.last = time.monotonic()

    def say(self, what):
        now = time.monotonic()
        print(f"{now - self.last:7.1f} s  {what}", flush=True)
        self.last = now


def told(shop):
    """Return how much would reach somebody."""
    return {table: shop.count(table, where) for table, where in TOLD.items()}


def today():
    return datetime.now(ZoneInfo(ZONE)).date()


def dotted(number):
    """Return a number as it is written in Vietnam."""
    return f"{number:,}".replace(",", ".")


@pytest.fixture(scope="module")
def clock():
    return Clock()


@pytest.fixture(scope="module")
def shop(clock):
    """The shop before the first step."""
    with empty_shop() as shop:
        clock.say("an empty database, the addon in it, a server")
        yield shop


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The file of the shop."""
    path = tmp_path_factory.mktemp("first_hour") / "khach-hang.csv"
    customers_file.write(path, today(), LINES)
    return path


@pytest.fixture(scope="module")
def first_hour(shop, file, clock):
    """Everything done; return what was seen on the way."""
    expected = customers_file.expect(file, today())
    wanted = customers_file.stages(expected, today(), DORMANT)
    seen = {"told": told(shop)}
    seen |= {"partners": shop.count("res_partner"), "expected": expected}
    with open_browser() as browser:
        with logged_in(browser, shop) as manager:
            clock.say("logged in")
            manager.open_app()
            manager.step("hours")
            seen["first_line"] = manager.find(".o_care_start_sent").inner_text().strip()
            manager.set_hours()
            clock.say("1 hours and holidays")
            manager.give_role("Nhân Viên")
            manager.step("sources")
            clock.say("2 people and roles")
        with logged_in(browser, shop, width=390) as manager:
            manager.open_set_up()
            manager.step("sources")
            manager.shoot("3-phone")
            seen["kept"] = states(manager)
            clock.say("left, and back on the phone")
        with logged_in(browser, shop) as manager:
            manager.open_app()
            take_in(manager, file, seen, clock)
            manager.know_customers()
            choose_stages(manager, shop, wanted, seen)
            clock.say("4 care stages")
    return seen


def states(manager):
    """Return the steps that are done, and those that are not."""
    return {
        code: "done" if "o_care_start_done" in shown else "todo"
        for code in ("hours", "people", "sources", "stages")
        for shown in [manager.state(code).get_attribute("class")]
    }


def take_in(manager, file, seen, clock):
    """Step 3: the file; the panel is left and the import goes on by itself."""
    address = manager.send_file(file)
    seen["roles"] = manager.roles()
    manager.shoot("3-columns")
    clock.say("3 the file was read")
    manager.correct_days("Ngày mua", in_vietnamese("Day before month"))
    start = manager.find("button[name=action_start]")
    start.click()
    start.wait_for(state="hidden")
    manager.shoot("3-progress")
    manager.open_set_up()
    manager.step("sources")
    seen["kept_meanwhile"] = states(manager)
    manager.page.goto(address)
    seen["progress"] = manager.watch_progress()
    manager.shoot("3-report")
    seen["report"] = manager.find("[name=summary]").inner_text()
    clock.say("3 the file was taken in")
    manager.open_set_up()
    step = manager.step("sources")
    seen["source"] = step.locator("li[data-source='imported']").inner_text()
    seen["customers"] = step.locator(".o_care_start_customers").inner_text()
    manager.shoot("3-sources")


def choose_stages(manager, shop, wanted, seen):
    """Step 4: look, move a slider, look again, apply."""
    ids = dict(shop.rows("SELECT code, id FROM care_stage WHERE code IS NOT NULL"))
    seen["counts"] = manager.counts()
    seen["moved_before"] = shop.rows(STAGES)
    manager.slide("dormant", DORMANT, ids["dormant"], wanted["dormant"])
    manager.shoot("4-stages")
    seen["then"] = manager.counts()
    seen["moved_after_look"] = shop.rows(STAGES)
    manager.apply_stages()
    manager.shoot("5-done")
    seen["wanted"] = {ids[code]: wanted[code] for code in ids}


STAGES = """
    SELECT (contact.care_stage_id->>profile.company_id::text)::int, COUNT(*)::int
      FROM care_profile profile JOIN res_partner contact
        ON contact.id = profile.partner_id
     GROUP BY 1 ORDER BY 1"""


def test_the_panel_speaks_vietnamese_and_says_nothing_was_sent(first_hour):
    sentence = in_vietnamese("Nothing has been sent to anybody.")
    assert first_hour["first_line"] == sentence


def test_hours_and_tet(shop, first_hour):
    assert shop.value("SELECT care_tz FROM res_company") == ZONE
    hours = shop.value(
        "SELECT calendar.hours_per_week FROM resource_calendar calendar"
        " JOIN res_company company ON company.care_calendar_id = calendar.id"
    )
    assert hours == 44
    first, last = today(), date(today().year + 2, 12, 31)
    years = [day for day in map(date.fromisoformat, NEW_YEARS) if first <= day <= last]
    assert years, "the almanac of this test has to be continued"
    for day in years:
        covered = shop.value(
            "SELECT COUNT(*) FROM resource_calendar_leaves WHERE care_holiday LIKE"
            " 'tet%%' AND %s BETWEEN date_from AND date_to",
            datetime.combine(day, datetime.min.time()) + timedelta(hours=5),
        )
        assert covered == 1, day


def test_stopped_and_gone_on(first_hour):
    kept = {"hours": "done", "people": "done", "sources": "todo", "stages": "todo"}
    assert first_hour["kept"] == kept
    assert first_hour["kept_meanwhile"] == kept


def test_role_was_given(shop, first_hour):
    groups = shop.value(
        "SELECT COUNT(*) FROM res_groups_users_rel rel"
        " JOIN res_users colleague ON colleague.id = rel.uid"
        " JOIN ir_model_data data ON data.res_id = rel.gid"
        " WHERE colleague.login = 'nhan.vien' AND data.model = 'res.groups'"
        " AND data.module = 'customer_care' AND data.name = 'group_agent_own'"
    )
    assert groups == 1


def test_columns_were_guessed(shop, first_hour):
    roles = shop.rows("SELECT role FROM care_import_column ORDER BY import_id, place")
    assert [role for (role,) in roles][: len(customers_file.ROLES)] == (
        customers_file.ROLES
    )
    assert all(first_hour["roles"])
    assert len(first_hour["roles"]) == len(customers_file.ROLES)


def test_progress_and_report_were_shown(first_hour):
    expected, report = first_hour["expected"], first_hour["report"]
    assert len(first_hour["progress"]) > 1, first_hour["progress"]
    for number in (
        expected.lines,
        len(expected.customers),
        expected.purchases,
        expected.reasons.total(),
        *expected.reasons.values(),
    ):
        assert dotted(number) in report, (number, report)


def test_customers_and_purchases(shop, first_hour):
    expected = first_hour["expected"]
    people = len(expected.customers)
    assert expected.lines == LINES
    assert shop.count("care_import_line") >= LINES
    assert shop.count("res_partner") == first_hour["partners"] + people
    assert shop.count("care_profile") == people
    assert shop.rows("SELECT COUNT(*), SUM(amount) FROM care_purchase") == [
        (expected.purchases, expected.amount)
    ]
    assert shop.rows("SELECT SUM(purchase_count), SUM(revenue) FROM care_profile") == [
        (expected.purchases, expected.amount)
    ]
    known = "import_id = (SELECT MIN(id) FROM care_import) AND purchase = 'known'"
    assert shop.count("care_import_line", known) == expected.known
    named = shop.value(
        "SELECT COUNT(*) FROM res_partner WHERE name = %s", customers_file.FORMULA
    )
    assert named, "a formula stays the text that it is"


def test_left_out_by_reason(shop, first_hour):
    reasons = shop.rows(
        "SELECT reason, COUNT(*) FROM care_import_line WHERE state = 'out'"
        " AND import_id = (SELECT MIN(id) FROM care_import) GROUP BY reason"
    )
    assert dict(reasons) == dict(first_hour["expected"].reasons)


def test_care_stages(shop, first_hour):
    people = len(first_hour["expected"].customers)
    assert sum(first_hour["counts"].values()) == people
    assert first_hour["then"] == first_hour["wanted"]
    assert first_hour["moved_before"] == first_hour["moved_after_look"]
    assert {stage: count for stage, count in shop.rows(STAGES) if count} == {
        stage: count for stage, count in first_hour["wanted"].items() if count
    }
    assert str(people) in first_hour["customers"].replace(".", "")
    purchases = str(first_hour["expected"].purchases)
    assert purchases in first_hour["source"].replace(".", "")


def test_nobody_was_told(shop, first_hour):
    mails = shop.rows(
        "SELECT message.subject, mail.email_to, message.model FROM mail_mail mail"
        " JOIN mail_message message ON message.id = mail.mail_message_id"
    )
    assert told(shop) == first_hour["told"], mails
    for table in EVENTS:
        assert not shop.count(table, "initial IS NOT TRUE"), table


def test_same_lines_again_add_nothing(shop, file, first_hour, clock):
    again = b"".join(file.read_bytes().splitlines(keepends=True)[: AGAIN + 1])
    with open_browser() as browser, logged_in(browser, shop) as manager:
        # the next run of their job is up to a quarter of an hour away
        segments = [ref for (ref,) in shop.rows("SELECT id FROM care_segment")]
        call(manager, "action_refresh", segments, model="care.segment")
        before = figures(shop)
        (batch,) = call(
            manager,
            "create",
            [{"name": file.name, "file": base64.b64encode(again).decode()}],
        )
        wait_for(manager, batch, "columns")
        column = shop.value(
            "SELECT id FROM care_import_column WHERE import_id = %s AND role = 'day'",
            batch,
        )
        columns = {"model": "care.import.column"}
        call(manager, "write", [column], {"date_order": "dmy"}, **columns)
        call(manager, "action_start", [batch])
        wait_for(manager, batch, "done")
    clock.say(f"its first {AGAIN} lines once more")
    assert figures(shop) == before
    taken = f"import_id = {batch} AND (purchase = 'new' OR outcome = 'created')"
    assert not shop.count("care_import_line", taken)


def figures(shop):
    """Return what a second import must not change."""
    return [
        shop.rows("SELECT COUNT(*), SUM(amount) FROM care_purchase"),
        shop.rows("SELECT COUNT(*), SUM(revenue) FROM care_profile"),
        shop.rows(STAGES),
        told(shop),
        *(shop.count(table) for table in ["res_partner", *EVENTS]),
    ]


def call(manager, method, *arguments, model="care.import"):
    """Call a method of the server as the manager's browser does."""
    values = {"model": model, "method": method, "args": arguments, "kwargs": {}}
    answer = manager.page.request.post(
        f"{manager.shop.url}/web/dataset/call_kw/{model}/{method}",
        data={"jsonrpc": "2.0", "method": "call", "params": values},
        timeout=PATIENCE,
    ).json()
    assert "error" not in answer, answer
    return answer.get("result")  # which is left out where it is nothing


def wait_for(manager, batch, state):
    """Wait until an import is so far."""
    until = time.monotonic() + IMPORT_LIMIT
    while True:
        found = manager.shop.rows(
            "SELECT state, error FROM care_import WHERE id = %s", batch
        )
        if found[0][0] == state:
            return
        assert time.monotonic() < until, found
        time.sleep(0.5)
