"""What can be called from outside is what somebody allowed, with a reason."""

import os

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
