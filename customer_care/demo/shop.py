"""The orders of the demo company over the past year."""

from datetime import timedelta

from . import plan
from .timeline import SHOP_HOURS, into_hours

OLD, RECENT = 54, 54
#: Orders that conversations count on: customer, days ago, products and their number.
FIXED = (
    ("mai", 251, {"purifier": 1}),
    ("mai", 76, {"aircon12": 1, "install": 1}),
    ("mai", 31, {"washer9": 1, "warranty": 1}),
    ("mai", 24, {"rice": 1, "fryer": 1}),
    ("hotel_thuy", 320, {"aircon12": 12, "install": 12}),
    ("hotel_dung", 130, {"aircon9": 12, "install": 12}),
    ("school_hanh", 210, {"air": 6, "purifier": 2}),
    ("office_vinh", 22, {"microwave": 2, "fan": 4}),
    ("cafe_phong", 40, {"fridge450": 3}),
    ("anna", 95, {"fridge320": 1, "washer9": 1}),
    ("james", 12, {"aircon12": 2, "install": 2}),
    ("claire", 110, {"fridge450": 1}),
    ("priya", 104, {"aircon9": 1, "install": 1}),
)
#: Care stage → how many days ago its customers may have bought: at most, at least.
BOUGHT = {
    "vip": (365, 0),
    "loyal": (365, 0),
    "existing": (365, 0),
    "new": (75, 0),
    "at_risk": (365, 100),
    "dormant": (365, 200),
}
#: Main goods and how often they are bought.
GOODS = {
    "tv43": 5,
    "tv55": 7,
    "tv65": 3,
    "fridge320": 6,
    "fridge450": 4,
    "washer9": 8,
    "washer12": 5,
    "dryer8": 2,
    "aircon9": 6,
    "aircon12": 8,
    "aircon18": 3,
    "purifier": 6,
    "purifier_mini": 4,
    "air": 3,
    "hob": 4,
    "hood": 2,
    "robot": 4,
    "vacuum": 3,
    "dishwasher": 3,
    "heater": 4,
}
SMALL = ("rice", "fryer", "microwave", "fan")
INSTALLED = ("aircon9", "aircon12", "aircon18", "hob", "hood", "heater", "dishwasher")
SELLERS = ("sales_1", "sales_2", "sales_3", "lead_sales")


def create_orders(env, rng, now, at):
    """Create and confirm the orders, oldest first.

    :param rng: ``random.Random``
    :param now: naive UTC
    :param at: context manager that sets the clock of the transaction
    :return: ``sale.order`` records in the order of their dates
    """
    wanted = sorted(_wanted(rng, now), key=lambda order: order[0])
    orders = env["sale.order"]
    for moment, name, goods in wanted:
        seller = env.ref(f"customer_care.demo_user_{rng.choice(SELLERS)}")
        with at(moment):
            order = env["sale.order"].create(
                {
                    "company_id": env.company.id,
                    "partner_id": plan.customer(env, name).id,
                    "user_id": seller.id,
                    "team_id": False,
                    "pricelist_id": False,
                    "order_line": [
                        (0, 0, {"product_id": product.id, "product_uom_qty": count})
                        for product, count in _products(env, goods)
                    ],
                }
            )
            order.action_confirm()
            order.date_order = moment
        orders |= order
    return orders


def _wanted(rng, now):
    """Yield (moment, customer, {product: number}) of each order, unsorted."""
    for name, days, goods in FIXED:
        yield _moment(rng, now, days), name, goods
    for index in range(OLD + RECENT):
        days = rng.randint(91, 364) if index < OLD else rng.randint(2, 90)
        name = rng.choice(_buyers(days, plan.FOREIGNERS if index % 6 == 0 else ()))
        yield _moment(rng, now, days), name, _basket(rng)


def _buyers(days, among):
    """Return who bought so many days ago, as their care stage says.

    :param among: only these, everybody else than them when empty
    """
    return [
        name
        for code, (oldest, newest) in BOUGHT.items()
        for name in plan.CARE_STAGES[code].split()
        if newest <= days <= oldest
        and name not in ("hotel", "school", "office", "cafe")
        and (name in among if among else name not in plan.FOREIGNERS)
    ]


def _moment(rng, now, days):
    moment = now - timedelta(days=days, minutes=rng.randint(0, 600))
    return into_hours(rng, moment, SHOP_HOURS)


def _basket(rng):
    main = rng.choices(list(GOODS), list(GOODS.values()))[0]
    goods = {main: 1}
    if main in INSTALLED:
        goods["install"] = 1
    if rng.random() < 0.25:
        goods["warranty"] = 1
    if rng.random() < 0.3:
        goods[rng.choice(SMALL)] = 1
    return goods


def _products(env, goods):
    for name, count in goods.items():
        template = env.ref(f"customer_care.demo_product_{name}")
        yield template.product_variant_id, count
