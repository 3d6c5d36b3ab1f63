"""Runs inside an Odoo shell: answers that are written while the mail server is down."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from tests.faults import worker_setup
from tests.faults.smtp_peer import SmtpPeer

OUTAGE_MINUTES = 10
#: Minutes after the outage until everything must have left.
PATIENCE_MINUTES = 300
PENDING = [("state", "in", ("outgoing", "exception")), ("model", "=", "care.ticket")]


def write_answers(env, count):
    """Open tickets of ``count`` customers and answer each, as the agent."""
    agent = env["res.users"].search([("login", "=", "agent")])
    tickets = env["care.ticket"].create(
        [
            {
                "name": f"Request {number}",
                "team_id": env["care.team"].search([], limit=1).id,
                "email_from": f"customer{number}@peer.test",
                "partner_name": f"Customer {number}",
            }
            for number in range(count)
        ]
    )
    for ticket in tickets:
        ticket.message_post(
            body=ticket.name,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=agent.partner_id.id,
        )
    env.cr.commit()


class Clock:
    """Minutes that pass; in each the scheduler runs the queue and the job."""

    def __init__(self, env):
        self.env = env
        self.moment = datetime.now().replace(microsecond=0)
        self.failures = 0

    def tick(self):
        """Let a minute pass."""
        mails = self.env["mail.mail"]
        with freeze_time(self.moment, ignore=["asyncio", "threading"]):
            due = mails.search([("state", "=", "outgoing")])
            mails.process_email_queue()
            self.env.cr.commit()
            failed = due.exists().filtered(lambda mail: mail.state == "exception")
            self.failures += len(failed)
            mails._cron_care_retry()
            self.env.cr.commit()
        self.moment += timedelta(minutes=1)


def main(env, count, cuts, smtp_port):
    """Run the scenario: ``count`` answers, ``cuts`` connections cut after the outage."""
    worker_setup.main(env, smtp_port=smtp_port)
    write_answers(env, count)
    clock = Clock(env)
    for _minute in range(OUTAGE_MINUTES):
        clock.tick()
    with SmtpPeer(smtp_port) as smtp:
        smtp.keeper.cut_after_data = cuts
        for _minute in range(PATIENCE_MINUTES):
            clock.tick()
            left = env["mail.mail"].search_count(PENDING)
            if not left:
                break
        taken = smtp.take()
    reached = {to for _from, receivers, _message in taken for to in receivers}
    return {
        "minutes": OUTAGE_MINUTES,
        "tries": clock.failures,
        "taken": len(taken),
        "ids": len({message["Message-Id"] for _from, _to, message in taken}),
        "reached": len(reached),
        "left": left,
        "failures": env["care.ticket"].search_count([("mail_failure", "!=", False)]),
    }
