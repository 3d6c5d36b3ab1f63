"""Context keys by which our own code speaks to itself, closed to requests.

A request may send any context, and the context stays when code goes on as superuser.
What a request sends is text, numbers, lists and mappings; none of them *is* the value
kept here, so a key counts when its value is this one and never otherwise.

>>> is_internal({"care_silent": INTERNAL}, "care_silent")
True
>>> is_internal({"care_silent": True}, "care_silent"), is_internal({}, "care_silent")
(False, False)
"""

import enum


class _Internal(enum.Enum):
    """One value; members of an enumeration stay themselves when they are copied."""

    INTERNAL = "internal"


INTERNAL = _Internal.INTERNAL


def is_internal(context, key):
    """Whether our own code set this key of a context.

    :param context: ``env.context``
    :param str key: such as ``care_silent``
    """
    return context.get(key) is INTERNAL
