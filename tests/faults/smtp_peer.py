"""A mail server on the loopback that keeps what it gets."""

import email
import email.policy

from aiosmtpd.controller import Controller


class Keeper:
    """Keeps every mail; cuts the connection right after so many of them."""

    def __init__(self):
        self.mails = []
        self.cut_after_data = 0

    async def handle_DATA(self, server, session, envelope):
        """Take a mail (the name is aiosmtpd's)."""
        raw = envelope.original_content or envelope.content
        message = email.message_from_bytes(raw, policy=email.policy.default)
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), message))
        if self.cut_after_data:
            self.cut_after_data -= 1
            server.transport.abort()
        return "250 OK"


class SmtpPeer:
    """A mail server on the loopback."""

    def __init__(self, port):
        self.keeper = Keeper()
        self.controller = Controller(self.keeper, hostname="127.0.0.1", port=port)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *error):
        self.controller.stop()

    def take(self):
        """Return (sender, receivers, message) of the mails since the last call."""
        mails = self.keeper.mails
        self.keeper.mails = []
        return mails
