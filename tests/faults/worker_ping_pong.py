"""Runs inside an Odoo shell: peers that answer every mail they get."""

from collections import Counter
from email.message import EmailMessage
from email.utils import parseaddr

from tests.faults import worker_setup
from tests.faults.smtp_peer import SmtpPeer

SUPPORT, WARRANTY = "support@care.example", "warranty@care.example"


class Peers:
    """Mail programs of several kinds; the kind is the beginning of the address."""

    def __init__(self):
        self.number = 0

    def write(self, sender, to, subject, text, **headers):
        """Return the source of a new mail."""
        self.number += 1
        message = EmailMessage()
        message["From"] = sender
        message["To"] = to
        message["Subject"] = subject
        message["Message-Id"] = f"<{self.number}@peer.test>"
        message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0700"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(text)
        return message.as_bytes()

    def ask(self, peer):
        """Return the mail with which ``peer`` begins."""
        to = f"{SUPPORT}, {WARRANTY}" if peer.startswith("two_teams") else SUPPORT
        return self.write(peer, to, "Máy giặt hỏng", "Không chạy.")

    def answer(self, peer, message):
        """Return what ``peer`` sends when it gets ``message``."""
        kind = peer.split("@")[0].rstrip("0123456789")
        known = getattr(self, f"_answer_{kind}", self._answer_bare)
        return known(peer, message, message["Reply-To"] or message["From"])

    def _thread(self, message):
        name = message["Message-Id"]
        return {"In_Reply_To": name, "References": name}

    def _answer_bare(self, peer, message, to):
        """No sign of a program at all, and each time a new conversation."""
        return self.write(peer, to, "Got it", "We have your message.")

    def _answer_renaming(self, peer, message, to):
        """Another name and another subject each time."""
        name = f"Robot {self.number} <{peer}>"
        return self.write(name, to, f"Ticket {self.number} received", "Thank you.")

    def _answer_polite(self, peer, message, to):
        """As RFC 3834 wants it."""
        subject = f"Re: {message['Subject']}"
        signs = {"Auto_Submitted": "auto-replied", **self._thread(message)}
        return self.write(peer, to, subject, "auto", **signs)

    def _answer_threaded(self, peer, message, to):
        """In the conversation, without a sign."""
        subject = f"Re: {message['Subject']}"
        return self.write(
            peer, to, subject, "I got your mail.", **self._thread(message)
        )

    def _answer_other_address(self, peer, message, to):
        """In the conversation, from an address that nobody knows."""
        subject, sender = f"Re: {message['Subject']}", f"noreply-{peer}"
        return self.write(sender, to, subject, "No answer.", **self._thread(message))

    def _answer_out_of_office(self, peer, message, to):
        """Recognised by its subject alone."""
        return self.write(peer, to, f"Out of Office: {message['Subject']}", "Away.")

    def _answer_helpdesk(self, peer, message, to):
        """Another company's ticket system."""
        subject = f"[#{self.number}] received"
        return self.write(peer, to, subject, "x", X_Auto_Response_Suppress="All")

    def _answer_forwarder(self, peer, message, to):
        """Sends our own mail on to another of our addresses."""
        del message["To"]
        message["To"] = WARRANTY
        return message.as_bytes()


class Exchange:
    """All peers at once, and what is counted."""

    def __init__(self, env, smtp, peers, round_limit):
        self.env, self.smtp, self.peers = env, smtp, peers
        self.round_limit = round_limit
        self.writer = Peers()
        self.receipts, self.to_programs = Counter(), Counter()
        self.received = self.sent = self.longest = 0

    def play(self, day):
        """Let the peers write, and answer until nobody has anything to say."""
        waiting = [self.writer.ask(peer) for peer in self.peers]
        rounds = 0
        while waiting and rounds < self.round_limit:
            rounds += 1
            for raw in waiting:
                self._deliver(raw)
            self.env["mail.mail"].process_email_queue()
            self.env.cr.commit()
            waiting = [answer for answer in self._collect(day) if answer]
        self.longest = max(self.longest, rounds)

    def _deliver(self, raw):
        self.received += 1
        with self.env.registry.cursor() as cr:
            gateway = self.env["mail.thread"].with_env(self.env(cr=cr))
            gateway.message_process(False, raw)

    def _collect(self, day):
        """Yield the peers' answers to what we sent."""
        for _sender, receivers, message in self.smtp.take():
            team = parseaddr(message["Reply-To"])[1]
            for receiver in receivers:
                self.sent += 1
                if message["Auto-Submitted"] == "auto-replied":
                    self.receipts[receiver, team, day] += 1
                    self.to_programs.update([receiver] if "noreply" in receiver else [])
                if receiver in self.peers:
                    yield self.writer.answer(receiver, message)

    def report(self, days):
        """Return the counts."""
        got = {(peer, day) for peer, _team, day in self.receipts}
        wanted = [(peer, day) for peer in self.peers for day in range(days)]
        inbound = self.env["care.inbound"]
        kept = [("outcome", "in", ("automatic", "note", "reply"))]
        return {
            "received": self.received,
            "sent": self.sent,
            "receipts": sum(self.receipts.values()),
            "most": max(self.receipts.values(), default=0),
            "missing": sum(key not in got for key in wanted),
            "rounds": self.longest,
            "to_programs": sum(self.to_programs.values()),
            "tickets": self.env["care.ticket"].search_count([]),
            "notes": inbound.search_count(kept),
            "ignored": inbound.search_count([("state", "=", "ignored")]),
            "quarantine": inbound.search_count([("state", "=", "quarantine")]),
            "lost": self.received - inbound.search_count([]),
        }


def main(env, peers, days, round_limit, smtp_port):
    """Let ``peers`` write on ``days`` days; see the scenario."""
    worker_setup.main(env, smtp_port=smtp_port)
    with SmtpPeer(smtp_port) as smtp:
        exchange = Exchange(env, smtp, peers, round_limit)
        for day in range(days):
            exchange.play(day)
            # the next day: what was sent today is long ago, each day in its own past
            env.cr.execute(
                "UPDATE care_receipt SET day = day - %s"
                " WHERE day > CURRENT_DATE - interval '50 days'",
                [100 * (day + 1)],
            )
            env.cr.commit()
    return exchange.report(days)
