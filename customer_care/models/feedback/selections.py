"""Words that surveys and answers share."""

KINDS = [
    ("csat", "Satisfaction (1–5)"),
    ("ces", "Effort (1–7)"),
    ("nps", "Recommendation (0–10)"),
]

STATES = [
    ("waiting", "Waiting to be sent"),
    ("sent", "Sent"),
    ("opened", "Opened"),
    ("answered", "Answered"),
    ("expired", "Not answered in time"),
    ("withdrawn", "Taken back"),
    ("refused", "Not sent"),
]
#: States in which the customer may still answer.
ANSWERABLE = ("waiting", "sent", "opened")
#: States in which it has reached the customer and waits for him.
PENDING = ("sent", "opened")

CHANNELS = [
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("portal", "Conversation page"),
]

PURPOSES = [
    ("transactional", "About a request"),
    ("promotion", "About the relationship"),
]

#: Why it was not sent, or was taken back, beside the reasons of the gate.
OWN_REASONS = [
    ("quiet_period", "The customer was asked a short while ago"),
    ("reopened", "The request was opened again before it was asked"),
    ("void", "The request counts in no figure"),
    ("by_hand", "Somebody took it back"),
    ("replaced", "A fresh link was sent"),
    ("forgotten", "The customer was forgotten"),
    ("merged", "The contact was merged with one who is asked already"),
    ("no_survey", "The survey is archived"),
]

FOLLOW_UP_STATES = [("todo", "To do"), ("done", "Done")]

OUTCOMES = [
    ("solved", "Put right"),
    ("explained", "Explained, the customer agrees"),
    ("unreachable", "Not reached"),
    ("nothing", "Nothing to be done"),
]
