"""How the customers of the demo company came to the care stage they stand in."""

import random
from datetime import timedelta

from ..lib.internal import INTERNAL
from . import plan

DAY = timedelta(days=1)
#: Care stage today → the way there: stage and how many days ago, the oldest first.
WAYS = {
    "new": (("potential", 78), ("new", 41)),
    "existing": (("new", 300), ("existing", 240)),
    "loyal": (("potential", 372), ("new", 350), ("existing", 290), ("loyal", 88)),
    "vip": (("new", 360), ("existing", 300), ("loyal", 150), ("vip", 64)),
    "at_risk": (("new", 355), ("existing", 290), ("loyal", 200), ("at_risk", 21)),
    "dormant": (("existing", 330), ("at_risk", 120), ("dormant", 33)),
}


def tell(env, now):
    """Write the history of care stages, as first fills do: nothing follows from it.

    :param now: naive UTC
    """
    rng = random.Random("chuyen-khach")
    changes = []
    for code, way in WAYS.items():
        for name in plan.CARE_STAGES[code].split():
            customer = plan.customer(env, name)
            earlier = env["care.stage"]
            for step, ago in way:
                stage = env.ref(f"customer_care.care_stage_{step}")
                moment = now - (ago + rng.randint(0, 8)) * DAY
                changes.append(
                    {
                        "partner_id": customer.id,
                        "company_id": env.company.id,
                        "on": moment,
                        "from_id": earlier.id,
                        "to_id": stage.id,
                        "reason": "rule",
                        "initial": True,
                    }
                )
                earlier = stage
            customer.with_context(care_stage_moved=INTERNAL).care_stage_since = moment
    env["care.stage.change"].create(changes)
