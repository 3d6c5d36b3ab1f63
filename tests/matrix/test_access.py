"""Every right of every role on every model is the one that was reviewed."""

import os

import pytest

from tests.matrix import access, samples


@pytest.fixture(scope="module")
def rows(world):
    """The table as it is now; written to the file when CARE_RECORD is set."""
    made = list(access.table(world, access.build_world(world)))
    if os.environ.get("CARE_RECORD"):
        access.write_file(made)
    return {row[:3]: row[3:] for row in made}


def test_every_model_is_in_the_table(world):
    """A new model needs a sample, and then its rows are read by somebody."""
    assert access.models(world.env) == sorted(samples.SAMPLES)


def test_rights_are_the_reviewed_ones(rows):
    """Each operation, tried by each identity on each kind of record."""
    expected = access.read_file()
    different = {
        key: f"{expected.get(key)} expected, {rows.get(key)} found"
        for key in sorted(expected.keys() | rows)
        if expected.get(key) != rows.get(key)
    }
    assert different == {}
