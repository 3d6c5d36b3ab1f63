"""One Message-Id by four gateways at once, one of them rolled back.

Every mail is delivered by four processes that start together; the transaction of one of
them is rolled back afterwards, as that of a gateway that fails. Some mails have no
Message-Id, some cannot be processed (a rule of the database refuses their ticket), and
more gateways are killed while they work. In the end every mail must have made exactly
one ticket or stand in quarantine, and after the rule is gone the replay makes the rest.
"""

GATEWAYS = 4
#: One in so many mails is refused by the rule, one in so many has no Message-Id.
REFUSED, NAMELESS = 20, 10
#: One gateway is killed for so many mails; each has twenty mails to deliver.
MAILS_PER_KILL = 50


def _source(number, is_refused, is_nameless):
    subject = f"Request {number}" + (" refused" if is_refused else "")
    lines = [
        f"From: Customer {number % 300} <customer{number % 300}@peer.test>",
        "To: support@care.example",
        f"Subject: {subject}",
        "Date: Mon, 02 Mar 2026 09:00:00 +0700",
        "Content-Type: text/plain; charset=utf-8",
    ]
    if not is_nameless:
        lines.insert(0, f"Message-Id: <{number}@peer.test>")
    return "\r\n".join([*lines, "", f"Máy số {number} không chạy.\r\n"])


def run(world, size):
    """Deliver ``size`` mails; return (counts, facts)."""
    mails = []
    for number in range(size):
        is_refused = world.random.randrange(REFUSED) == 0 or number == 1
        is_nameless = world.random.randrange(NAMELESS) == 0
        mails.append(_source(number, is_refused, is_nameless))
    refused = sum("refused" in mail for mail in mails)
    kills = max(2, size // MAILS_PER_KILL)
    with world.copy("gateways") as name:
        report = world.run(
            name,
            "worker_gateways",
            mails=mails,
            losers=[world.random.randrange(GATEWAYS) for _mail in mails],
            gateways=GATEWAYS,
            moments=[world.random.uniform(0, 0.4) for _kill in range(kills)],
        )
    counts, before, after = report["counts"], report["before"], report["after"]
    everything = size + counts["mails of gateways that were killed"]
    counts["mails that the rule refuses"] = refused
    counts |= {f"{label}, before the replay": n for label, n in before.items()}
    counts |= {f"{label}, after the replay": n for label, n in after.items()}
    known = counts["deliveries refused as received before"]
    rolled_back = counts["deliveries rolled back by their gateway"]
    facts = {
        "tickets + quarantine = mails": before["tickets"] + before["in quarantine"]
        == everything,
        "what the rule refuses, and nothing else, is in quarantine": before[
            "in quarantine"
        ]
        == refused,
        "no mail made two tickets": after["tickets with the same subject"] == 0,
        "no gateway was told of an error": counts["deliveries that raised"] == 0,
        "of four deliveries three were refused": known == size * (GATEWAYS - 1),
        "one delivery of each mail was rolled back": rolled_back == size,
        "nothing waits any more": before["waiting"] == 0,
        "after the replay tickets = mails = messages": after["tickets"]
        == after["handled"]
        == after["messages of customers"]
        == everything,
        "one receipt per sender": after["receipts"] == after["senders"],
    }
    return counts, facts
