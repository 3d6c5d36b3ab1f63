"""The words of readiness: how far somebody is from buying, and by which rule."""

STATES = [
    ("exploring", "Exploring"),
    ("comparing", "Comparing"),
    ("ready", "Ready"),
]
REASONS = [
    ("ordered", "Has ordered"),
    ("viewed", "Opened the quotation lately"),
    ("answered", "Wrote again after the quotation"),
    ("likely", "The chance is high"),
    ("closing", "Has a quotation, and the expected closing is near"),
    ("quoted", "Has a quotation"),
    ("wrote", "Wrote lately"),
    ("planned", "A next step is planned"),
    ("possible", "The chance is fair"),
    ("quiet", "No quotation yet, and not heard from lately"),
    ("closed", "Won or lost"),
]
#: What each rule makes of a lead; the first rule that fits wins, in this order.
RULES = {
    "ordered": "ready",
    "viewed": "ready",
    "answered": "ready",
    "likely": "ready",
    "closing": "ready",
    "quoted": "comparing",
    "wrote": "comparing",
    "planned": "comparing",
    "possible": "comparing",
    "quiet": "exploring",
}
#: A quotation says something for so many days.
QUOTE_DAYS = 60
