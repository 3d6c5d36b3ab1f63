"""Each addon's page: built from its fragments, and valid reStructuredText."""

import doctest

import docutils.core
import docutils.utils
import pytest

from tests.readme import build
from tests.support import repo


@pytest.fixture(params=repo.ADDONS)
def addon(request):
    return request.param


def test_converter_by_example():
    result = doctest.testmod(build, optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert result.attempted and not result.failed


def test_page_is_built_from_the_fragments(addon):
    path = repo.ROOT / addon / "README.rst"
    assert path.read_text(encoding="utf-8") == build.build(addon), (
        "run tests/readme/build.py"
    )


def test_page_is_valid(addon):
    """docutils finds nothing to complain about, and the page says something."""
    text = (repo.ROOT / addon / "README.rst").read_text(encoding="utf-8")
    document = docutils.core.publish_doctree(
        text, settings_overrides={"report_level": 1, "halt_level": 2}
    )
    assert len(document.astext()) > 400


def test_fragments_are_known(addon):
    """A fragment of another name would never appear on the page."""
    names = {path.stem for path in repo.addon_files(addon, "readme", suffix=".md")}
    names -= {
        path.stem for path in repo.addon_files(addon, "readme") if len(path.parts) > 3
    }
    assert names <= set(build.SECTIONS), names
