"""Words that rules, automations and the job share."""

from typing import NamedTuple

from psycopg2 import errors

from odoo.exceptions import ConcurrencyError

#: Another transaction crossed this one: everything is begun anew, nothing is blamed.
CROSSING = (
    ConcurrencyError,
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
)


class Outcome(NamedTuple):
    """What became of a run."""

    state: str
    reason: str | None = None
    note: str | None = None
    result_model: str | None = None
    result_id: int | None = None
