"""The mail server refuses for ten minutes, then comes back and cuts some connections.

Every mail must leave without a human. A connection that is cut after the mail was taken
leaves it open whether it arrived; then it is sent again under the same Message-Id, so
that the receiver's server recognises it.
"""

from tests.faults.world import free_port


def run(world, size):
    """Send ``size`` answers through the outage; return (counts, facts)."""
    cuts = max(1, size // 50)
    with world.copy("outage") as name:
        report = world.run(
            name, "worker_outage", count=size, cuts=cuts, smtp_port=free_port()
        )
    counts = {
        "answers written": size,
        "minutes without a mail server": report["minutes"],
        "tries that failed": report["tries"],
        "connections cut after the mail was taken": cuts,
        "mails taken by the server": report["taken"],
        "different Message-Ids among them": report["ids"],
        "customers reached": report["reached"],
        "mails still waiting or given up": report["left"],
    }
    facts = {
        "every customer was reached, without a human": report["reached"] == size,
        "one Message-Id per answer": report["ids"] == size,
        "doubled by cut connections only": report["taken"] - size <= cuts,
        "nothing is left": report["left"] == 0,
        "no ticket shows a failure": report["failures"] == 0,
    }
    return counts, facts
