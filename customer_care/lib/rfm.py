"""Recency, frequency, monetary value: scores from 1 to 5 and what they mean together.

The five-by-five scheme is that of A. M. Hughes, *Strategic Database Marketing* (1994),
with one difference: customers who are equal get the same score (a rank, not an equal
share of rows), so that nobody is sorted by chance.
"""

#: Buyers and days of history below which ranks say little and fixed cuts are used.
FEW_BUYERS = 500
SHORT_HISTORY_DAYS = 180

#: Days since the last purchase up to which a customer has the score 5, 4, 3, 2.
RECENCY_DAYS = (30, 60, 120, 240)
#: Purchases in 365 days from which a customer has the score 5, 4, 3, 2.
FREQUENCY_CUTS = (8, 5, 3, 2)
#: Value of 365 days, as a multiple of the median, for the score 5, 4, 3, 2.
MONETARY_CUTS = (4.0, 2.0, 1.0, 0.5)

GROUPS = (
    ("champion", "Champions"),
    ("loyal", "Loyal"),
    ("promising", "Promising"),
    ("new", "New Buyers"),
    ("attention", "Need Attention"),
    ("slipping", "About to Sleep"),
    ("at_risk", "At Risk"),
    ("cannot_lose", "Must Not Be Lost"),
    ("lost", "Lost"),
)

# One row per recency score, 1 first; one column per score of frequency and value.
_ROWS = {
    1: ("lost", "lost", "at_risk", "cannot_lose", "cannot_lose"),
    2: ("lost", "slipping", "at_risk", "at_risk", "cannot_lose"),
    3: ("slipping", "slipping", "attention", "loyal", "loyal"),
    4: ("promising", "promising", "promising", "loyal", "champion"),
    5: ("new", "promising", "promising", "loyal", "champion"),
}

#: (recency score, score of frequency and value) to the code of the group.
CELLS = {
    (recency, value): group
    for recency, row in _ROWS.items()
    for value, group in enumerate(row, start=1)
}


def group_of(recency: int, frequency: int, monetary: int) -> str:
    """Return the group of a customer with these scores.

    Frequency and value are one axis, their mean, halves rounded up.

    >>> group_of(5, 5, 4)
    'champion'
    >>> group_of(1, 1, 1)
    'lost'
    >>> group_of(1, 4, 5)
    'cannot_lose'

    :raises KeyError: a score is not from 1 to 5
    """
    return CELLS[recency, (frequency + monetary + 1) // 2]


def rank_score(percent_rank: float) -> int:
    """Return the score of a relative rank, 0 for the lowest and 1 for the highest.

    >>> [rank_score(rank) for rank in (0, 0.19, 0.2, 0.6, 0.99, 1)]
    [1, 1, 2, 4, 5, 5]
    """
    return min(5, 1 + int(5 * percent_rank))


def needs_fixed_cuts(buyers: int, history_days: int) -> bool:
    """Tell whether there is too little history to rank customers by it.

    >>> needs_fixed_cuts(499, 400), needs_fixed_cuts(500, 180)
    (True, False)
    """
    return buyers < FEW_BUYERS or history_days < SHORT_HISTORY_DAYS
