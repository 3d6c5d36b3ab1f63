"""Mails of the demo company that made no ticket: one put aside, one in quarantine."""

import base64
import email.policy
from datetime import timedelta

from odoo.tools.misc import file_open

#: File, team, how long ago it came, what became of it, and the trouble there was.
MAILS = (
    ("ban-tin", "sales", timedelta(days=3), "ignored", None),
    (
        "may-say",
        "warranty",
        timedelta(minutes=55),
        "quarantine",
        OSError(28, "No space left on device"),
    ),
)


def receive(env, now):
    """Create the mails as the gateway stores them, and tell the leader of the second.

    The mail in quarantine is whole: Replay makes a ticket of it.

    :param now: naive UTC
    """
    for name, team_name, ago, state, trouble in MAILS:
        path = f"customer_care/demo/mails/{name}.eml"
        with file_open(path, "rb", filter_ext=(".eml",)) as source:
            raw = source.read()
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        team = env.ref(f"customer_care.demo_team_{team_name}")
        inbound = env["care.inbound"].create(
            {
                "message_id": mail["Message-ID"],
                "recipient": mail["To"],
                "subject": mail["Subject"],
                "email_from": str(mail["From"]),
                "received_on": now - ago,
                "handled_on": now - ago + timedelta(seconds=2),
                "company_id": env.company.id,
                "team_id": team.id,
                "alias_id": team.alias_id.id,
                "source": base64.b64encode(raw),
                "has_source": True,
                "attempt_count": 1,
                "state": state,
                "error": trouble and f"{type(trouble).__name__}: {trouble}",
            }
        )
        inbound.reason = (
            inbound._explain(trouble)
            if trouble
            else env._("A newsletter or another mail to many people.")
        )
        if trouble:
            inbound._remind_leader()
