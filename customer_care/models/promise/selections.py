"""Words that several models of promises share."""

METRICS = [
    ("first_reply", "First Reply"),
    ("next_reply", "Next Reply"),
    ("update", "Update"),
    ("resolution", "Resolution"),
]

CLOCK_STATES = [
    ("running", "Running"),
    ("paused", "Paused"),
    ("met", "Kept"),
    ("breached", "Broken"),
    ("void", "Not counted"),
]

HOURS_KINDS = [
    ("team", "Working hours of the team"),
    ("always", "Round the clock"),
    ("calendar", "Other working hours"),
]
