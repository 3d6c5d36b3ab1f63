"""Runs inside an Odoo shell: gateways as processes of their own, and the counting."""

import multiprocessing
import time

import odoo.sql_db
from odoo import SUPERUSER_ID, api

from tests.faults import worker_setup

RULE = """
CREATE FUNCTION care_fault() RETURNS trigger AS $$
BEGIN
    IF NEW.name LIKE '%refused%' THEN
        RAISE EXCEPTION 'refused by a rule' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER care_fault BEFORE INSERT ON care_ticket
    FOR EACH ROW EXECUTE FUNCTION care_fault()
"""
COUNTS = {
    "tickets": "SELECT count(*) FROM care_ticket",
    "in quarantine": "SELECT count(*) FROM care_inbound WHERE state = 'quarantine'",
    "waiting": "SELECT count(*) FROM care_inbound WHERE state = 'received'",
    "handled": "SELECT count(*) FROM care_inbound WHERE state = 'done'",
    "messages of customers": "SELECT count(*) FROM mail_message"
    " WHERE model = 'care.ticket' AND message_type = 'email'",
    "tickets with the same subject": "SELECT count(*) FROM"
    " (SELECT 1 FROM care_ticket GROUP BY name HAVING count(*) > 1) AS doubled",
    "receipts": "SELECT count(*) FROM mail_message"
    " WHERE model = 'care.ticket' AND message_type = 'auto_comment'",
    "senders": "SELECT count(DISTINCT lower(email_from)) FROM care_ticket",
}
#: Mails that a gateway has to deliver when it is killed.
MAILS_PER_KILL = 20
PROCESSES = multiprocessing.get_context("fork")


class Gateways:
    """Gateways on one database; each runs in a process of its own."""

    def __init__(self, registry, mails, losers):
        self.registry = registry
        self.mails = mails
        self.losers = losers

    def work(self, function):
        """Call ``function`` with a fresh environment and commit."""
        with self.registry.cursor() as cr:
            return function(api.Environment(cr, SUPERUSER_ID, {}))

    def deliver(self, raw, is_rolled_back=False):
        """Deliver one mail as a gateway does; return whether it raised."""
        with self.registry.cursor() as cr:
            gateway = api.Environment(cr, SUPERUSER_ID, {})["mail.thread"]
            try:
                gateway.message_process(False, raw)
            except Exception:  # noqa: BLE001  (what it is told is what is counted)
                return True
            if is_rolled_back:
                cr.rollback()
        return False

    # ------------------------------------------------------------------ side by side

    def run_side_by_side(self, count):
        """Let ``count`` gateways deliver every mail at the same moment.

        :return: the sums of what they report
        """
        line, results = PROCESSES.Barrier(count), PROCESSES.Queue()
        children = [
            PROCESSES.Process(target=self._deliver_all, args=(number, line, results))
            for number in range(count)
        ]
        for child in children:
            child.start()
        reports = [results.get(timeout=3600) for _child in children]
        for child in children:
            child.join()
        return {key: sum(report[key] for report in reports) for key in reports[0]}

    def _deliver_all(self, number, line, results):
        report = dict.fromkeys(("deliveries", "rolled_back", "known", "errors"), 0)
        inbound = self.registry["care.inbound"]
        receive = inbound._receive

        def counted(records, *args, **kwargs):
            new_id = receive(records, *args, **kwargs)
            report["known"] += not new_id
            return new_id

        inbound._receive = counted
        for mail, loser in zip(self.mails, self.losers, strict=True):
            raw = f"Received: by gateway {number}\r\n{mail}".encode()
            line.wait()
            report["deliveries"] += 1
            report["rolled_back"] += loser == number
            report["errors"] += self.deliver(raw, loser == number)
        results.put(report)

    # ------------------------------------------------------------------ killed

    def run_killed(self, moments):
        """Kill gateways at work; what they did not acknowledge is delivered again.

        :param moments: seconds after its first mail at which each is killed
        """
        with PROCESSES.Manager() as manager:
            for kill, moment in enumerate(moments):
                done = manager.dict()
                arguments = (kill * MAILS_PER_KILL, done)
                child = PROCESSES.Process(target=self._deliver_some, args=arguments)
                child.start()
                while not done:
                    time.sleep(0.005)
                time.sleep(moment)
                child.kill()
                child.join()
                again = PROCESSES.Process(target=self._deliver_some, args=arguments)
                again.start()
                again.join()

    def _deliver_some(self, first, done):
        """Deliver mails; one counts as delivered once its number is in ``done``."""
        for number in range(first, first + MAILS_PER_KILL):
            if number not in done:
                self.deliver(
                    f"From: killed{number}@peer.test\r\nTo: support@care.example\r\n"
                    f"Subject: killed {number}\r\n"
                    f"Message-Id: <killed{number}@peer.test>\r\n"
                    f"Date: Mon, 02 Mar 2026 09:00:00 +0700\r\n\r\nx\r\n".encode()
                )
                done[number] = True


def count(env):
    """Return every count of :data:`COUNTS`."""
    found = {}
    for label, query in COUNTS.items():
        env.cr.execute(query)
        found[label] = env.cr.fetchone()[0]
    return found


def take_up(env):
    """Run the job for waiting mails, its two minutes of patience being over."""
    env.cr.execute("UPDATE care_inbound SET due_on = '2000-01-01'")
    env.cr.commit()
    env["care.inbound"]._cron_take_up()


def replay(env):
    """Let the leader replay everything in quarantine."""
    leader = env["res.users"].search([("login", "=", "agent")])
    mails = env["care.inbound"].with_user(leader)
    mails.search([("state", "=", "quarantine")]).action_replay()


def main(env, mails, losers, gateways, moments):
    """Run the scenario.

    :param mails: sources, each delivered by every gateway
    :param losers: for each mail the gateway whose transaction is rolled back
    :param gateways: how many deliver side by side
    :param moments: for each gateway to be killed, when
    """
    worker_setup.main(env)
    env.cr.execute(RULE)
    env.cr.commit()
    # a child must not share a connection with its parent
    odoo.sql_db.close_all()
    world = Gateways(env.registry, mails, losers)
    report = world.run_side_by_side(gateways)
    world.run_killed(moments)
    left = world.work(count)["waiting"]
    world.work(take_up)
    before = world.work(count)
    world.work(lambda env: env.cr.execute("DROP TRIGGER care_fault ON care_ticket"))
    world.work(replay)
    counts = {
        "deliveries by the gateways side by side": report["deliveries"],
        "deliveries rolled back by their gateway": report["rolled_back"],
        "deliveries refused as received before": report["known"],
        "deliveries that raised": report["errors"],
        "gateways killed at work": len(moments),
        "mails of gateways that were killed": len(moments) * MAILS_PER_KILL,
        "stored but not handled when their gateway died": left,
    }
    return {"counts": counts, "before": before, "after": world.work(count)}
