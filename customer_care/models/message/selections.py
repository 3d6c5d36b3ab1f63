"""Choices that several models of messages share."""

PURPOSES = [
    ("transactional", "About an order or a request"),
    ("care", "Care"),
    ("promotion", "Advertising"),
]
#: Channels on which a text can be sent by itself.
CHANNELS = [("email", "E-mail"), ("sms", "SMS")]
STATES = [
    ("waiting", "Waiting"),
    ("sent", "Sent"),
    ("skipped", "Not Sent"),
    ("failed", "Failed"),
]
