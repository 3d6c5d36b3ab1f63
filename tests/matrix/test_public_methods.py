"""What can be called from outside is what somebody allowed, with a reason."""

import os

import pytest

from tests.matrix import access, public_methods


def test_public_methods_are_the_allowed_ones(world):
    """A new public method needs a line that says why it is one."""
    found, allowed = public_methods.find(world.env), public_methods.read_file()
    if os.environ.get("CARE_RECORD"):
        rows = [(*key, allowed.get(key, "")) for key in sorted(found)]
        access.write_file(rows, public_methods.FILE, public_methods.HEADER)
    assert found - allowed.keys() == set()
    assert allowed.keys() - found == set()


def test_every_allowed_method_has_a_reason():
    """An empty reason is no reason."""
    assert [key for key, why in public_methods.read_file().items() if not why] == []


@pytest.mark.parametrize("user", ["user_portal", "public"])
def test_customers_do_not_hand_in_mail(world, user):
    """The gateway is for mail servers: they call with an account of the staff."""
    from odoo.exceptions import AccessError

    caller = getattr(world, user, None) or world.env.ref("base.public_user")
    mail = (
        b"From: somebody@customer.test\r\nMessage-Id: <forged@customer.test>\r\n"
        b"To: support@care.test\r\nSubject: x\r\n\r\nx\r\n"
    )
    thread = world.env["mail.thread"].with_user(caller)
    with pytest.raises(AccessError):
        thread.message_process("care.ticket", mail)
