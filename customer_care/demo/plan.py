"""What the demo company tells: who its customers are, and which tickets there were."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from .conversations import Conversation
from .timeline import request_times

TICKETS = 300
DAYS = 90
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

#: Care stage → ends of the XML ids of its customers.
CARE_STAGES = {
    "potential": "suong loc oanh binh giang",
    "new": "thang thu nam tam viet tom",
    "existing": (
        "hoa minh tuan son yen long nga quang duy phuc trang bach hien thuan van ha tung"
        " khoa anh toan my james claire priya cafe"
    ),
    "loyal": "mai hung thao ngoc kien huong linh anna school office",
    "vip": "lan hotel",
    "at_risk": "cuong nhung hai kenji",
    "dormant": "dat chi",
}
#: Customer → days until the next birthday, and the year of birth (leap years: any day
#: of the year is one of them).
BIRTHDAYS = {
    "mai": (2, 1988),
    "hung": (5, 1984),
    "thao": (0, 1992),
    "lan": (3, 1964),
    "anna": (6, 1980),
    "hoa": (24, 1996),
    "minh": (61, 1988),
    "tuan": (118, 1992),
    "linh": (203, 2000),
    "huong": (290, 1976),
}
FOREIGNERS = ("anna", "james", "claire", "kenji", "priya", "tom")
CONTACTS = (
    "hotel_thuy",
    "hotel_dung",
    "school_hanh",
    "cafe_phong",
    "cafe_tu",
    "office_vinh",
)
#: Conversations of one customer only.
OWNERS = {
    "mua-so-luong-khach-san": "hotel_thuy",
    "bao-duong-khach-san": "hotel_dung",
}
#: How many tickets of each special kind there are.
SPECIAL = {"spam-seo": 3, "spam-vay": 3, "khach-nghi-phep": 3, "khong-ro-viec-gi": 4}

#: The customer with a login: conversation, how long ago, steps told (None: all due), and
#: whose it is ("" nobody's).
PORTAL_STORY = (
    ("may-loc-nuoc-keu", 62 * DAY, None, "warranty_2"),
    ("bao-hanh-tra-cuu", 41 * DAY, None, "warranty_3"),
    ("theo-doi-don", 23 * DAY, None, "claims_1"),
    ("khen-tho-lap-dat", 20 * DAY, None, "lead_claims"),
    ("dieu-hoa-chay-nuoc", 8 * DAY, None, "warranty_1"),
    ("may-giat-khong-vat", 26 * HOUR, 3, "warranty_1"),
    ("mat-diem-tich-luy", 3 * HOUR, 1, ""),
)
#: What is on the table today: conversation, how long ago it was opened, steps told, how
#: long ago the last of them was, and whose it is ("" nobody's).
TODAY = (
    ("con-hang-khong", 10 * MINUTE, 1, None, ""),
    ("tu-lanh-khong-lanh", 18 * MINUTE, 1, None, ""),
    ("hen-lap-dat", 35 * MINUTE, 1, None, "warranty_1"),
    ("tra-gop-the", 48 * MINUTE, 1, None, ""),
    ("en-late", 75 * MINUTE, 1, None, "claims_1"),
    ("hoa-don-do-quen", 2 * HOUR, 1, None, ""),
    ("giao-tre-3-ngay", 3 * HOUR, 1, None, "claims_2"),
    ("dieu-hoa-chay-nuoc", 4 * HOUR, 1, None, "warranty_1"),
    ("en-which-purifier", 5 * HOUR, 1, None, "sales_1"),
    ("tivi-mat-hinh", 7 * HOUR, 1, None, ""),
    ("phi-giao-tinh", 20 * HOUR, 1, None, "sales_3"),
    ("thai-do-nhan-vien", 22 * HOUR, 1, None, "claims_1"),
    ("may-hong-ngoai-bao-hanh", 27 * HOUR, 1, None, "warranty_3"),
    ("gop-y-bai-do-xe", 2 * DAY, 1, None, ""),
    ("lap-dat-phat-sinh", 3 * DAY, 1, None, "warranty_2"),
    ("hoan-tien-cham", 3 * DAY + 5 * HOUR, 6, 70 * HOUR, "claims_2"),
    ("dieu-hoa-chay-nuoc-lai", 11 * DAY, 7, 5 * HOUR, "warranty_1"),
    ("huy-don-doi-mau", 30 * HOUR, 3, 55 * MINUTE, "claims_1"),
    ("mua-so-luong-khach-san", 4 * DAY, 4, 8 * HOUR, "sales_2"),
    ("bao-duong-khach-san", 2 * DAY, 3, 30 * HOUR, "warranty_2"),
    ("en-damaged", 9 * HOUR, 1, None, ""),
    ("man-hinh-vo", 26 * HOUR, 4, 20 * HOUR, "warranty_1"),
    ("tivi-mat-hinh", 21 * DAY, 6, 19 * DAY, "warranty_2"),
    ("tra-gop-bi-tru-sai", 2 * DAY, 4, 26 * HOUR, "sales_2"),
    ("hang-ve-bao-minh", 15 * DAY, 3, 15 * DAY - HOUR, "sales_3"),
    ("huong-dan-noi-mang", 6 * DAY, 3, 5 * DAY, "warranty_3"),
    ("doi-tra-trong-7-ngay", 8 * DAY, 3, 7 * DAY, "claims_2"),
)


@dataclass
class Telling:
    """A conversation told about somebody.

    ``steps`` are told at most, up to now; ``last`` is when the last of them was;
    ``handler`` is the end of a XML id ``demo_user_…``, empty for nobody, None for anybody
    of the team; ``customer`` is the end of ``demo_customer_…``.
    """

    conversation: Conversation
    opened: datetime
    steps: int | None = None
    last: datetime | None = None
    handler: str | None = None
    customer: str | None = None
    channel: str | None = None


def customer(env, name):
    """Return the demo customer of that name."""
    return env.ref(f"customer_care.demo_customer_{name}")


def foreigners(env):
    """Return the customers who speak English."""
    return env["res.partner"].union(*(customer(env, name) for name in FOREIGNERS))


def tellings(rng, now, told):
    """Return ``TICKETS`` tellings in the order in which they were opened.

    :param rng: ``random.Random``
    :param now: naive UTC
    :param dict told: conversations by id
    """
    found = [
        Telling(
            told[name],
            now - ago,
            steps=steps,
            customer="mai",
            channel="portal",
            handler=handler,
        )
        for name, ago, steps, handler in PORTAL_STORY
    ]
    found += [
        Telling(
            told[name],
            now - ago,
            steps=steps,
            last=last and now - last,
            handler=handler,
        )
        for name, ago, steps, last, handler in TODAY
    ]
    ordinary = [one for one in told.values() if not one.special]
    chosen = [told[name] for name, count in SPECIAL.items() for _ in range(count)]
    chosen += ordinary
    missing = TICKETS - len(found) - len(chosen)
    chosen += rng.choices(ordinary, [one.weight for one in ordinary], k=missing)
    rng.shuffle(chosen)
    times = request_times(rng, now, DAYS, len(chosen))
    found += map(Telling, chosen, times)
    for telling in found:
        telling.customer = telling.customer or OWNERS.get(telling.conversation.id)
    return sorted(found, key=lambda telling: telling.opened)
