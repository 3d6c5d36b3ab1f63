"""A shop's file of customers and purchases, and what has to come of it.

``write`` makes the file; ``expect`` reads it again with nothing of the addon, so that
what the addon counts is compared with a second count.
"""

import csv
import random
import re
import statistics
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

HEADINGS = ["Họ tên", "SĐT", "Email", "Tỉnh thành", "Mã đơn", "Ngày mua", "Tổng tiền"]
#: What each of them is, as the addon calls it.
ROLES = ["name", "phone", "email", "city", "reference", "day", "amount"]
SUPPLIER_PHONE = "0988 000 111"
COLLEAGUE_EMAIL = "nhan.vien@hoasen.example"
FORMULA = '=HYPERLINK("http://example.com";"Bấm vào đây")'

_PEOPLE = 12_000
_SPELLINGS = ("0{}", "84{}", "+84{}", "+84 {}", "0{} ")
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Đỗ")
_NAMES = ("Mai", "Hùng", "Lan", "Tuấn", "Hương", "Đức", "Thảo", "Quân", "Yến", "Ánh")
_CITIES = ("Hà Nội", "Huế", "Đà Nẵng", "TP. Hồ Chí Minh", "Cần Thơ", "")


# ------------------------------------------------------------------------ writing
def write(path, today, lines=40_000, seed=3):
    """Write the file: mostly plain purchases, and each kind of trouble a few times."""
    dice = random.Random(seed)
    rows = [_purchase(dice, today, number) for number in range(lines)]
    places = iter(dice.sample(range(200, lines), 2_400))
    for trouble, times in _TROUBLES:
        for _time in range(times):
            place = next(places)
            trouble(dice, today, rows, place)
    with path.open("w", encoding="utf-8-sig", newline="") as output:
        csv.writer(output, delimiter=";").writerows([HEADINGS, *rows])


def _purchase(dice, today, number):
    """One purchase; a few customers buy a lot and many buy once or twice."""
    person = int(_PEOPLE * dice.random() ** 1.6)
    digits = f"9{person * 7919 % 10**8:08d}"
    kind = person % 10  # 0: e-mail alone, 1: both, else a phone alone
    spelt = dice.choice(_SPELLINGS).format(digits)
    day = today - timedelta(days=1 + int(900 * dice.random() ** 1.5))
    amount = f"{dice.randrange(20_000, 4_000_000):,}".replace(",", ".")
    return [
        FORMULA
        if person % 1_000 == 7
        else f"{_FAMILIES[person % 9]} {_NAMES[person % 7]} {person}",
        "" if kind == 0 else spelt,
        f"Khach{person}@example.com" if kind < 2 else "",
        _CITIES[person % 6],
        f"DH-{number:06d}",
        f"{day:%d/%m/%Y}",
        f"{amount} đ" if number % 9 == 0 else amount,
    ]


def _twice(_dice, _today, rows, place):
    rows[place] = list(rows[place - 150])


def _same_number(_dice, _today, rows, place):
    rows[place][4] = rows[place - 151][4]


def _without_number(_dice, _today, rows, place):
    rows[place][4] = ""
    rows[place - 1] = list(rows[place])


def _without_contact(_dice, _today, rows, place):
    rows[place][1:3] = ["", ""]


def _odd_phone(_dice, _today, rows, place):
    rows[place][1:3] = ["chưa có", ""]


def _american(dice, today, rows, place):
    day = date(today.year - 1, dice.randrange(1, 13), dice.randrange(13, 29))
    rows[place][5] = f"{day:%m/%d/%Y}"


def _to_come(_dice, today, rows, place):
    rows[place][5] = f"{today + timedelta(days=40):%d/%m/%Y}"


def _formula(_dice, _today, rows, place):
    rows[place][6] = "=1000*2"


def _without_day(_dice, _today, rows, place):
    rows[place][5] = ""


def _person_alone(_dice, _today, rows, place):
    rows[place] = [f"Khách Mới {place}", f"07{place:08d}", "", "Huế", "", "", ""]


def _supplier(_dice, _today, rows, place):
    rows[place][:3] = ["Minh Long", SUPPLIER_PHONE, ""]


def _colleague(_dice, _today, rows, place):
    rows[place][:3] = ["Nhân Viên", "", COLLEAGUE_EMAIL]


_TROUBLES = [
    (_twice, 800),
    (_same_number, 20),
    (_without_number, 200),
    (_without_contact, 300),
    (_odd_phone, 40),
    (_american, 60),
    (_to_come, 15),
    (_formula, 25),
    (_without_day, 30),
    (_person_alone, 250),
    (_supplier, 3),
    (_colleague, 2),
]


# ---------------------------------------------------------------------- expecting
@dataclass(eq=False)
class Customer:
    """Somebody in the file, with the day and amount of each purchase."""

    bought: list = field(default_factory=list)

    @property
    def days(self):
        return sorted(day for day, _amount in self.bought)

    def since(self, day):
        return [amount for on, amount in self.bought if on > day]


@dataclass
class Expected:
    """What has to come of a file."""

    lines: int = 0
    reasons: Counter = field(default_factory=Counter)
    customers: list = field(default_factory=list)
    known: int = 0
    by_key: dict = field(default_factory=dict, repr=False)

    @property
    def purchases(self):
        return sum(len(customer.bought) for customer in self.customers)

    @property
    def amount(self):
        return sum(amount for one in self.customers for _day, amount in one.bought)

    def find(self, keys):
        """Return who has one of these keys, somebody new otherwise."""
        found = next((self.by_key[key] for key in keys if key in self.by_key), None)
        if not found:
            found = Customer()
            self.customers.append(found)
        self.by_key.update({key: found for key in keys if key not in self.by_key})
        return found


def expect(path, today):
    """Read the file and return what has to come of it."""
    expected, numbers = Expected(), {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines, delimiter=";"))[1:]
    expected.lines = len(rows)
    for _name, phone, email, _city, number, day, amount in rows:
        keys = [key for key in (_phone_key(phone), email.lower()) if key]
        reason = _reason(keys, phone, day, amount, today)
        if reason:
            expected.reasons[reason] += 1
            continue
        if not amount:
            expected.find(keys)
            continue
        bought = (_day(day), int(re.sub(r"\D", "", amount)))
        customer = expected.by_key.get(keys[0])
        if number in numbers:
            if numbers[number] == (customer, *bought):
                expected.known += 1
            else:
                expected.reasons["reference_taken"] += 1
            continue
        customer = expected.find(keys)
        customer.bought.append(bought)
        if number:
            numbers[number] = (customer, *bought)
    return expected


def _phone_key(phone):
    digits = re.sub(r"\D", "", phone)
    return digits[-9:] if len(digits) >= 9 else ""


def _day(text):
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError:
        return None


def _reason(keys, phone, day, amount, today):
    """Return why a line is left out, or nothing."""
    if not keys:
        return "bad_phone" if phone else "no_contact"
    if not day and not amount:
        return ""
    if not re.fullmatch(r"\d{1,3}(\.\d{3})*( đ)?", amount):
        return "amount"
    if not day:
        return "no_day"
    if not _day(day):
        return "date_order"
    if _day(day) > today + timedelta(days=1):
        return "future"
    if _phone_key(SUPPLIER_PHONE) in keys:
        return "supplier"
    return "internal" if COLLEAGUE_EMAIL in keys else ""


def stages(expected, today, dormant, former=365, new=60):
    """Return how many customers belong into each care stage by the shipped rules."""
    year = today - timedelta(days=365)
    values = sorted(
        (sum(one.since(year)) for one in expected.customers if one.bought), reverse=True
    )
    place = {value: number for number, value in enumerate(values, start=1)}

    def stage(one):
        if not one.bought:
            return "potential"
        silent = (today - one.days[-1]).days
        if round(100 * place[sum(one.since(year))] / len(values), 2) <= 5:
            return "vip"
        if silent > former:
            return "former"
        if silent > dormant:
            return "dormant"
        if _at_risk(one.days, silent):
            return "at_risk"
        if len(one.since(year)) >= 3:
            return "loyal"
        is_new = len(one.bought) == 1 and silent <= new
        return "new" if is_new else "existing"

    return Counter(map(stage, expected.customers))


def _at_risk(days, silent):
    """Whether somebody is silent for more than twice his usual time."""
    days = sorted(set(days))
    gaps = [(later - day).days for day, later in pairwise(days)]
    # halves are exact: the median of whole days
    return len(gaps) >= 2 and silent > -(-2 * statistics.median(gaps) // 1)
