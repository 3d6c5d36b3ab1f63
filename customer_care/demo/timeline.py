"""When things happen in the demo company: pure arithmetic on naive UTC instants."""

from datetime import timedelta

#: The shop's clock. Vietnam has no daylight saving time.
UTC_OFFSET = timedelta(hours=7)
#: Local hours in which the shop answers, and in which customers write.
SHOP_HOURS = (8, 20)
AWAKE_HOURS = (7, 23)
#: Minutes until somebody answers, by priority: from, to, most often.
REPLY_MINUTES = {
    "urgent": (5, 60, 12),
    "high": (6, 150, 25),
    "normal": (8, 300, 40),
    "low": (20, 700, 120),
}


def into_hours(rng, moment, hours):
    """Return ``moment``, or soon after the opening that follows when it is closed.

    :param rng: ``random.Random``
    :param moment: naive UTC
    :param hours: opening and closing hour on the shop's clock
    """
    opening, closing = hours
    local = moment + UTC_OFFSET
    if opening <= local.hour < closing:
        return moment
    if local.hour >= closing:
        local += timedelta(days=1)
    local = local.replace(hour=opening, minute=0, second=0)
    return local - UTC_OFFSET + timedelta(minutes=rng.randint(2, 75))


def request_times(rng, now, days, count):
    """Return ``count`` instants of the last ``days`` days, ascending.

    Requests grow a little over the weeks, Mondays are busy, Sundays are calm, and most
    come between nine and twelve and in the evening.
    """
    weights = []
    for back in range(days, 0, -1):
        day = (now + UTC_OFFSET - timedelta(days=back)).weekday()
        growth = 1 + 0.5 * (days - back) / days
        weights.append(growth * {0: 1.4, 5: 0.9, 6: 0.6}.get(day, 1.0))
    found = []
    for back in rng.choices(range(days, 0, -1), weights, k=count):
        hour = rng.choices(
            range(7, 23), [1, 3, 7, 8, 7, 4, 4, 5, 6, 6, 4, 3, 5, 6, 4, 2]
        )[0]
        local = (now + UTC_OFFSET - timedelta(days=back)).replace(
            hour=hour, minute=rng.randint(0, 59), second=rng.randint(0, 59)
        )
        found.append(local - UTC_OFFSET)
    return sorted(found)


def next_time(rng, step, before, priority, pace, answers_customer):
    """Return when ``step`` happens, the step before it having happened at ``before``.

    :param step: :class:`~.conversations.Step`
    :param priority: of the ticket, which hurries the answer
    :param float pace: of the person who answers: 1 is average, 2 takes twice as long
    :param bool answers_customer: the step before was the customer's
    """
    hours = AWAKE_HOURS if step.who == "C" else SHOP_HOURS
    if step.delay:
        after = before + step.delay * rng.uniform(0.92, 1.12)
    elif step.who == "C":
        after = before + timedelta(minutes=rng.triangular(6, 900, 45))
    elif step.who == "B":
        return before + timedelta(seconds=rng.randint(20, 90))
    elif step.who == "A" and answers_customer:
        shortest, longest, usual = REPLY_MINUTES[priority]
        after = before + timedelta(
            minutes=pace * rng.triangular(shortest, longest, usual)
        )
    else:
        after = before + timedelta(minutes=rng.triangular(1, 25, 4))
    return into_hours(rng, after.replace(microsecond=0), hours)
