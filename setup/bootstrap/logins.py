"""Who can log in to the demo company. The demo data of customer_care makes them."""

from .errors import SetupError
from .server import may_log_in

# (role, login); the password is the login.
ADMINISTRATOR = (("administrator", "admin"),)
DEMO = (
    *ADMINISTRATOR,
    ("care manager", "care_manager"),
    ("team lead", "care_lead"),
    ("agent", "care_agent"),
    ("portal customer", "care_customer"),
)


def checked(logins, port, database):
    """Return the logins after the server let each of them in.

    :raises SetupError: a user is missing or has another password
    """
    refused = [
        f"{role} ({login})"
        for role, login in logins
        if not may_log_in(port, database, login, login)
    ]
    if refused:
        raise SetupError(
            "The server runs, but not everyone may log in.",
            f"Refused: {', '.join(refused)}.",
            "If passwords were changed in this database, use those. Otherwise make "
            "the database anew: setup/run --fresh.",
        )
    return logins


def table(logins):
    """Return the lines that tell who logs in with what."""
    width = max(len(role) for role, _login in logins)
    return [f"  {role:<{width}}  {login} / {login}" for role, login in logins]
