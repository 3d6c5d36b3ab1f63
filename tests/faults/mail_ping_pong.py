"""Programs that answer programs: at most one receipt per peer, team and day.

Peers of several kinds write once and then answer every mail they get. Some say in the
header that they are programs, as they should; some do not, and open a new conversation
with each answer. Every exchange must come to an end by itself, and no peer may get more
than one receipt of a team on a day. Mails leave and arrive by SMTP.
"""

from tests.faults.world import free_port

#: How a peer answers; see ``worker_ping_pong.py``.
KINDS = (
    "polite",
    "threaded",
    "bare",
    "renaming",
    "other_address",
    "out_of_office",
    "helpdesk",
    "forwarder",
    "two_teams",
)
#: Rounds of sending and answering after which an exchange counts as endless.
ROUND_LIMIT = 12
DAYS = 3


def run(world, size):
    """Let ``size`` peers of each kind write on three days; return (counts, facts)."""
    peers = [f"{kind}{number}@peer.test" for kind in KINDS for number in range(size)]
    world.random.shuffle(peers)
    with world.copy("ping_pong") as name:
        report = world.run(
            name,
            "worker_ping_pong",
            peers=peers,
            days=DAYS,
            round_limit=ROUND_LIMIT,
            smtp_port=free_port(),
        )
    counts = {
        "peers": len(peers),
        "days": DAYS,
        "mails of peers": report["received"],
        "mails of ours": report["sent"],
        "receipts": report["receipts"],
        "most receipts of one peer, team and day": report["most"],
        "longest exchange in rounds": report["rounds"],
        "tickets": report["tickets"],
        "automatic mails kept as notes": report["notes"],
        "automatic mails ignored": report["ignored"],
        "in quarantine": report["quarantine"],
        "not accounted for": report["lost"],
    }
    facts = {
        "at most one receipt per peer, team and day": report["most"] == 1,
        "every peer got its receipt every day": report["missing"] == 0,
        "every exchange came to an end": report["rounds"] < ROUND_LIMIT,
        "no automatic mail got a receipt": report["to_programs"] == 0,
        "every mail of a peer is accounted for": report["lost"] == 0,
    }
    return counts, facts
