"""Words that scripts and tickets share."""

MOODS = [
    ("neutral", "Calm"),
    ("worried", "Worried"),
    ("angry", "Angry"),
    ("thankful", "Thankful"),
]
SCRIPT_KINDS = [
    ("greeting", "Greeting"),
    ("reply", "Reply"),
    ("apology", "Apology"),
    ("ask", "Asking Back"),
    ("closing", "Closing"),
    ("phone", "On the Phone"),
]
