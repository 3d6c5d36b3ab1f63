"""Every term is exported, translated, and says the same to the program."""

import re
from collections import Counter

import polib
import pytest

from tests.i18n import catalogue
from tests.support import repo

_AGAIN = 'run "$CARE_PYTHON" -m tests.i18n.export'

#: What a translation must contain exactly as often as the term: %(name)s and %s,
#: {name}, tags, and the attributes that nobody reads.
_PLACEHOLDERS = [
    re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]"),
    re.compile(r"(?<!%)%[sdifr](?![a-zA-Z])"),
    re.compile(r"\{\{?[^{}]*\}?\}"),
    re.compile(r"</?[a-zA-Z][\w:-]*"),
    re.compile(r"\b(?:href|src|t-\w+|class|style)=(?:\"[^\"]*\"|'[^']*')"),
]

_LETTER_WORD = re.compile(r"\{\{(\w+)(?:\|[^{}]*)?\}\}")
#: Vietnamese names people and the shop where English says "you" and "we".
_INSTEAD_OF_YOU = {"salutation", "company_name"}


@pytest.fixture(scope="module")
def exported(suite_db):
    """What Odoo exports from the sources as they are now."""
    return catalogue.export(suite_db)


def placeholders(text):
    """Everything in ``text`` that a program reads, with how often it occurs.

    Words of letters to customers are apart: :func:`letter_words`.
    """
    text = _LETTER_WORD.sub("", text)
    return Counter(
        found for pattern in _PLACEHOLDERS for found in pattern.findall(text)
    )


def letter_words(text):
    """The placeholders of a letter to a customer, such as ``{{Salutation}}``."""
    return {name.lower() for name in _LETTER_WORD.findall(text)}


@pytest.mark.parametrize("addon", repo.ADDONS)
def test_template_is_fresh(exported, addon):
    """The ``.pot`` is what an export gives now."""
    kept = catalogue.terms(catalogue.read(catalogue.template_path(addon)))
    now = catalogue.terms(exported[addon])
    assert _difference(kept, now) == [], _AGAIN


@pytest.mark.parametrize("addon", repo.ADDONS)
def test_translation_is_fresh(exported, addon):
    """``vi.po`` has the same terms, no more and no fewer."""
    kept = catalogue.terms(catalogue.read(catalogue.translation_path(addon)))
    now = catalogue.terms(exported[addon])
    assert _difference(kept, now) == [], _AGAIN


def _difference(kept, now):
    return sorted(
        f"{'new' if term in now else 'gone'}: {term!r}" for term in kept.keys() ^ now
    ) + sorted(
        f"used elsewhere now: {term!r}"
        for term in kept.keys() & now
        if kept[term] != now[term]
    )


@pytest.mark.parametrize("addon", repo.ADDONS)
def test_everything_is_translated(addon):
    """Vietnamese is complete and nothing in it waits for a look."""
    translation = catalogue.read(catalogue.translation_path(addon))
    assert len(translation) > 0
    assert [entry.msgid for entry in translation.untranslated_entries()] == []
    assert [entry.msgid for entry in translation.fuzzy_entries()] == []
    assert [entry.msgid for entry in translation.obsolete_entries()] == []


@pytest.mark.parametrize("addon", repo.ADDONS)
def test_placeholders_are_kept(addon):
    """What is filled in, and the tags, are the same in both languages."""
    wrong = {
        entry.msgid: entry.msgstr
        for entry in catalogue.read(catalogue.translation_path(addon))
        if entry.msgstr and placeholders(entry.msgid) != placeholders(entry.msgstr)
    }
    assert wrong == {}


@pytest.mark.parametrize("addon", repo.ADDONS)
def test_letters_say_the_same(addon):
    """What a letter fills in, it fills in in both languages."""
    wrong = {}
    for entry in catalogue.read(catalogue.translation_path(addon)):
        if entry.msgstr:
            ours, theirs = letter_words(entry.msgid), letter_words(entry.msgstr)
            if not ours - _INSTEAD_OF_YOU <= theirs <= ours | _INSTEAD_OF_YOU:
                wrong[entry.msgid] = entry.msgstr
    assert wrong == {}


@pytest.mark.parametrize("addon", repo.ADDONS)
def test_blank_edges_are_kept(addon):
    """A term that starts or ends with a blank is part of a longer text."""
    wrong = {
        entry.msgid: entry.msgstr
        for entry in catalogue.read(catalogue.translation_path(addon))
        if entry.msgstr
        and (entry.msgid[:1].isspace(), entry.msgid[-1:].isspace())
        != (entry.msgstr[:1].isspace(), entry.msgstr[-1:].isspace())
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("term", "translation"),
    [
        ("%(count)s open", "%(counts)s đang mở"),
        ("%s open", "đang mở"),
        ("Dear {name}", "Kính gửi {tên}"),
        ("<b>Open</b>", "<b>Mở"),
        ('<a href="/my">Mine</a>', '<a href="/">Của tôi</a>'),
        ("Open {{name}}", "Mở {{name} }"),
    ],
)
def test_a_broken_placeholder_shows(term, translation):
    """The comparison above can fail."""
    assert placeholders(term) != placeholders(translation)


def test_merging_keeps_translations():
    """Terms that stay keep their Vietnamese, others go or wait."""
    template, translation = polib.POFile(), polib.POFile()
    template.append(polib.POEntry(msgid="Open", comment="module: new"))
    template.append(polib.POEntry(msgid="Team"))
    translation.append(polib.POEntry(msgid="Gone", msgstr="Hết"))
    translation.append(polib.POEntry(msgid="Open", msgstr="Mở"))
    merged = catalogue.merge(template, translation)
    assert [(entry.msgid, entry.msgstr) for entry in merged] == [
        ("Open", "Mở"),
        ("Team", ""),
    ]
    assert merged[0].comment == "module: new"
