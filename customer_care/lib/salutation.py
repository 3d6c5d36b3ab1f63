"""How a customer is addressed.

In Vietnamese the given name is the **last** word and is always preceded by a title
("chị Mai"); "Thị" and "Văn" as middle names suggest a title, which stays a guess until
somebody confirms it.

>>> salutation("Nguyễn Thị Mai", guess_title("Nguyễn Thị Mai"), "vi_VN")
'chị Mai'
>>> salutation("Trần Minh", None, "vi_VN")
'Anh/Chị Minh'
>>> salutation("Anna Smith", None, "en_US")
'Anna Smith'
"""

from .text import fold

#: Title code → the word put before the given name, by language.
TITLE_WORDS = {
    "anh": {"vi": "anh", "en": "Mr"},
    "chi": {"vi": "chị", "en": "Ms"},
    "ong": {"vi": "ông", "en": "Mr"},
    "ba": {"vi": "bà", "en": "Mrs"},
    "em": {"vi": "em", "en": ""},
}
#: Said when nothing is known; "Quý khách" is never used.
UNKNOWN_TITLE = "Anh/Chị"
_TITLE_PREFIXES = {word["vi"]: code for code, word in TITLE_WORDS.items()}
_MIDDLE_NAME_TITLES = {"thi": "chi", "van": "anh"}


def _words(name: str | None) -> list[str]:
    return (name or "").replace(",", " ").split()


def guess_title(name: str | None) -> str | None:
    """Guess a title from a Vietnamese full name.

    :param name: full name, family name first
    :return: a key of ``TITLE_WORDS``, or None when the name says nothing

    >>> guess_title("Lê Văn Hùng"), guess_title("Chị Hoa"), guess_title("Phạm Minh Anh")
    ('anh', 'chi', None)
    >>> guess_title("Thị Mai"), guess_title(""), guess_title("Văn")
    (None, None, None)
    """
    words = _words(name)
    if len(words) >= 2:
        prefix = _TITLE_PREFIXES.get(words[0].lower())
        if prefix:
            return prefix
    for word in words[1:-1]:
        title = _MIDDLE_NAME_TITLES.get(fold(word))
        if title:
            return title
    return None


def given_name(name: str | None) -> str:
    """Return the last word of a Vietnamese full name.

    >>> given_name("Nguyễn Thị Mai"), given_name("  ")
    ('Mai', '')
    """
    words = _words(name)
    return words[-1] if words else ""


def salutation(
    name: str | None, title: str | None, lang: str | None, is_company: bool = False
) -> str:
    """Return how the person is addressed in ``lang``.

    :param name: full name
    :param title: a key of ``TITLE_WORDS``, or None when unknown
    :param lang: Odoo language code, such as ``vi_VN``
    :param is_company: companies are addressed by their name
    :return: the words to put after a greeting, empty without a name

    >>> salutation("Công ty Hoa Sen", None, "vi_VN", is_company=True)
    'Công ty Hoa Sen'
    >>> salutation("Nguyễn Thị Mai", "chi", "en_US")
    'Nguyễn Thị Mai'
    >>> salutation("", "chi", "vi_VN")
    ''
    """
    if is_company or not (lang or "").startswith("vi"):
        return " ".join(_words(name))
    given = given_name(name)
    if not given:
        return ""
    word = TITLE_WORDS[title]["vi"] if title in TITLE_WORDS else UNKNOWN_TITLE
    return f"{word} {given}"
