"""Writes the mails of ``corpus/``: ``python make_corpus.py``.

Every mail was written for these tests, after what mail programs and servers really send.
``{mark}`` in a subject stands for the mark of the ticket that the tests prepare.
"""

from pathlib import Path

import corpus_replies
import corpus_requests
from corpus_parts import MAILS

FOLDER = Path(__file__).parent / "corpus"
#: The modules whose mails are written.
SOURCES = (corpus_requests, corpus_replies)


def main():
    """Write every mail; files that are no longer made are removed."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.eml"):
        if old.stem not in MAILS:
            old.unlink()
    for name, raw in MAILS.items():
        (FOLDER / f"{name}.eml").write_bytes(raw)


if __name__ == "__main__":
    main()
