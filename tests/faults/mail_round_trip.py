"""Real SMTP both ways, with Odoo's own programs.

A customer's mail program sends by SMTP to a mail server, which hands the mail to Odoo's
``odoo-mailgate.py``; the receipt and the agent's answer leave by Odoo's mail queue, run
by its scheduler, to the customer's mail server. The customer answers, the agent solves.
"""

import contextlib
import smtplib
import subprocess
import time
import xmlrpc.client
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from tests.faults.smtp_peer import SmtpPeer
from tests.faults.world import free_port
from tests.support.settings import settings

TEXT = "Tủ lạnh không lạnh, nhờ shop kiểm tra giúp."
#: Seconds that a mail may take to arrive.
PATIENCE = 90


class Gate:
    """A mail server that pipes what it gets into ``odoo-mailgate.py``."""

    def __init__(self, name, port, user, password):
        script = settings().find_addon("mail") / "static/scripts/odoo-mailgate.py"
        self.command = [
            *(settings().python, str(script)),
            *("-d", name, "-u", str(user), "-p", password),
            *("--host", "127.0.0.1", "--port", str(port)),
        ]
        self.codes = []

    async def handle_DATA(self, server, session, envelope):
        done = subprocess.run(
            self.command, input=envelope.content, capture_output=True, check=False
        )
        self.codes.append(done.returncode)
        return "250 OK" if not done.returncode else "451 try again"


def run(world, size):
    """Let ``size`` customers have a conversation; return (counts, facts)."""
    web, outgoing, incoming = free_port(), None, None
    with contextlib.ExitStack() as stack:
        name = stack.enter_context(world.copy("round_trip"))
        customers = stack.enter_context(SmtpPeer(free_port()))
        outgoing = customers.controller.port
        setup = world.run(name, "worker_setup", smtp_port=outgoing)
        stack.enter_context(world.server(name, web))
        gate = Gate(name, web, setup["agent"], "agent-password")
        incoming = Controller(gate, hostname="127.0.0.1", port=free_port())
        incoming.start()
        stack.callback(incoming.stop)
        talk = _Talk(name, web, setup["agent"], incoming.port, customers)
        for number in range(size):
            talk.have_conversation(number)
        return _judge(size, gate, talk)


class _Talk:
    def __init__(self, name, web, agent, incoming, customers):
        self.name, self.agent, self.incoming = name, agent, incoming
        self.rpc = xmlrpc.client.ServerProxy(f"http://127.0.0.1:{web}/xmlrpc/2/object")
        self.customers = customers
        self.got = []
        self.states = []

    def call(self, model, method, *args, **kwargs):
        return self.rpc.execute_kw(
            self.name, self.agent, "agent-password", model, method, args, kwargs
        )

    def send(self, sender, subject, text, **headers):
        message = EmailMessage()
        message["From"], message["To"] = sender, "support@care.example"
        message["Subject"] = subject
        for header, value in headers.items():
            message[header.replace("_", "-")] = value
        message.set_content(text)
        with smtplib.SMTP("127.0.0.1", self.incoming) as client:
            client.send_message(message)

    def wait_for_mail(self, address):
        """Return the next mail that our server sends to ``address``, or None."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for sender, receivers, message in self.customers.take():
                self.got.append((sender, receivers, message))
            for index, (_sender, receivers, message) in enumerate(self.got):
                if address in receivers:
                    del self.got[index]
                    return message
            time.sleep(0.1)
        return None

    def have_conversation(self, number):
        """Ask, get the receipt, get an answer, answer it, get the question at the end."""
        customer = f"customer{number}@peer.test"
        steps = {}
        self.send(f"Lê Hoa <{customer}>", f"Tủ lạnh {number}", TEXT)
        receipt = self.wait_for_mail(customer)
        steps["receipt"] = bool(receipt) and receipt["Auto-Submitted"] == "auto-replied"
        ids = self.call("care.ticket", "search", [("email_from", "ilike", customer)])
        steps["one ticket"] = len(ids) == 1
        self.call(
            "care.ticket",
            "message_post",
            ids,
            body="Chào chị Hoa, mai kỹ thuật viên tới ạ.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        answer = self.wait_for_mail(customer)
        body = answer and answer.get_body(("html",)).get_content()
        steps["answer"] = bool(body) and "kỹ thuật viên" in body
        self.send(
            f"Lê Hoa <{customer}>",
            f"Re: {answer['Subject']}",
            "Cảm ơn, mình chờ.",
            In_Reply_To=answer["Message-Id"],
            References=answer["Message-Id"],
        )
        solved = self.call(
            "care.ticket.stage", "search", [("category", "=", "solved")], limit=1
        )
        self.call("care.ticket", "write", ids, {"stage_id": solved[0]})
        question = self.wait_for_mail(customer)
        steps["question"] = bool(question) and "Is it all right" in question["Subject"]
        again = self.call("care.ticket", "search", [("email_from", "ilike", customer)])
        [ticket] = self.call("care.ticket", "read", ids, ["message_ids"])
        steps["still one ticket"] = again == ids
        messages = self.call(
            "mail.message",
            "search_count",
            [("id", "in", ticket["message_ids"]), ("message_type", "=", "email")],
        )
        steps["two mails of the customer"] = messages == 2
        self.states.append(steps)


def _judge(size, gate, talk):
    counts = {
        "conversations": size,
        "mails handed to odoo-mailgate.py": len(gate.codes),
        "of them refused": sum(bool(code) for code in gate.codes),
        "mails to our own people": len(talk.got),
    }
    facts = {
        f"{step}, every time": all(state.get(step) for state in talk.states)
        for step in talk.states[0]
    }
    facts["the gate took every mail"] = not any(gate.codes)
    return counts, facts
