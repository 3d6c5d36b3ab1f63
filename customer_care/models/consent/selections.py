"""Words that consents, the contact log and the gate share."""

CHANNELS = [
    ("email", "E-mail"),
    ("sms", "SMS"),
    ("call", "Call"),
    ("zalo", "Zalo"),
    ("visit", "Visit"),
    ("chat", "Chat"),
    ("other", "Other"),
]

PURPOSES = [
    ("transactional", "Transaction"),
    ("care", "Care"),
    ("promotion", "Promotion"),
]

DIRECTIONS = [("in", "From the customer"), ("out", "To the customer")]

CONTACT_STATES = [
    ("done", "Done"),
    ("missed", "Not reached"),
    ("refused", "Not sent"),
    ("postponed", "Postponed"),
]
#: What people may log: what the gate decides is nobody's to write.
STATES_BY_HAND = frozenset({"done", "missed"})

CONSENT_STATES = [("granted", "Granted"), ("withdrawn", "Withdrawn")]

CONSENT_SOURCES = [
    ("hand", "Told to an agent"),
    ("import", "Imported list"),
    ("page", "Consent page"),
    ("link", "Unsubscribe link"),
    ("message", "Answer to a message"),
    ("counter", "QR code at the counter"),
    ("form", "Form"),
    ("merge", "Merged contacts"),
]

#: Why the gate let a message wait or refused it, in the order in which it asks.
REASONS = [
    ("gone", "The contact does not exist any more"),
    ("archived", "The contact is archived"),
    ("withdrawn", "The customer said no to this"),
    ("no_consent", "The customer never agreed to promotion on this channel"),
    ("blacklist", "The address is on the blacklist"),
    ("suppressed", "This person asked to be forgotten"),
    ("no_address", "There is no address for this channel"),
    ("bad_address", "The address is not valid"),
    ("complaint", "A complaint of the customer is open"),
    ("quiet_hours", "Quiet hours of the customer"),
    ("cap", "Enough messages for this day"),
    ("cap_over", "Enough messages on every day that it could wait"),
]
