"""Terms of the addons: exported by Odoo itself, merged into Vietnamese.

A catalogue says nothing about when or where it was made: two exports of the same
sources are the same bytes.
"""

import json
import tempfile
from pathlib import Path

import polib

from tests.support import odoo, repo

LANGUAGE = "vi"

_SCRIPT = """
from odoo.tools.translate import trans_export
for module, path in {targets}.items():
    with open(path, "wb") as target:
        trans_export(None, [module], target, "po", env)
"""


def template_path(addon):
    """Where the exported terms of ``addon`` are kept."""
    return repo.ROOT / addon / "i18n" / f"{addon}.pot"


def translation_path(addon):
    """Where the Vietnamese of ``addon`` is kept."""
    return repo.ROOT / addon / "i18n" / f"{LANGUAGE}.po"


def export(database):
    """Terms of every addon of the suite as Odoo exports them from ``database``.

    :return: ``{addon: polib.POFile}``, in the order of the terms
    """
    with tempfile.TemporaryDirectory() as folder:
        targets = {addon: f"{folder}/{addon}.pot" for addon in repo.ADDONS}
        script = _SCRIPT.format(targets=json.dumps(targets))
        odoo.run(database, command=("shell",), stdin=script).check()
        return {
            addon: _without_date(polib.pofile(path)) for addon, path in targets.items()
        }


def _without_date(catalogue):
    for name in ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator"):
        catalogue.metadata.pop(name, None)
    return catalogue


def read(path):
    """The catalogue in ``path``; an empty one when there is no such file."""
    return polib.pofile(str(path)) if Path(path).is_file() else polib.POFile()


def merge(template, translation):
    """``template`` filled from ``translation``: its terms and order, its comments.

    Terms that went away are dropped; new ones come without a translation.
    """
    known = {entry.msgid: entry for entry in translation if not entry.obsolete}
    merged = polib.POFile()
    merged.header = template.header
    merged.metadata = {**template.metadata, "Language": LANGUAGE}
    for entry in template:
        old = known.get(entry.msgid)
        merged.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=old.msgstr if old else "",
                comment=entry.comment,
                tcomment=old.tcomment if old else "",
                occurrences=entry.occurrences,
                flags=old.flags if old else [],
            )
        )
    return merged


def terms(catalogue):
    """``{msgid: comment and places}`` of the terms in use."""
    return {
        entry.msgid: (entry.comment, sorted(entry.occurrences))
        for entry in catalogue
        if not entry.obsolete
    }
