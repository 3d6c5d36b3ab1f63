"""Text of mails whose charset is missing, unknown or wrong.

Vietnamese mail still comes in legacy encodings: windows-1258 writes letters and tone
marks apart, TCVN3 (ABC fonts) uses Latin-1 codes for Vietnamese letters, and both are
often sent as "utf-8" or with no charset at all.

>>> decode("Chào chị".encode("utf-8"), "us-ascii")
'Chào chị'
>>> decode("réponse de la forêt".encode("cp1252"), "utf-8")
'réponse de la forêt'
>>> decode(encode_tcvn3("Bảo hành máy giặt bị hỏng"), "utf-8")
'Bảo hành máy giặt bị hỏng'
"""

import codecs
import re
import unicodedata

#: Codes of TCVN 5712:1993 VN3 above ASCII, in the order of ``_TCVN3_LETTERS``.
_TCVN3_CODES = (
    "b5b8b6b7b9 a8bbbebcbdc6 a9c7cac8c9cb ae ccd0cecfd1 aad2d5d3d4d6 d7ddd8dcde"
    " dfe3e1e2e4 abe5e8e6e7e9 aceaedebecee eff3f1f2f4 adf5f8f6f7f9 fafdfbfcfe"
    " a1a2a7a3a4a5a6"
)
_TCVN3_LETTERS = (
    "àáảãạ ăằắẳẵặ âầấẩẫậ đ èéẻẽẹ êềếểễệ ìíỉĩị"
    " òóỏõọ ôồốổỗộ ơờớởỡợ ùúủũụ ưừứửữự ỳýỷỹỵ"
    " ĂÂĐÊÔƠƯ"
)
_TCVN3 = dict(
    zip(bytes.fromhex(_TCVN3_CODES), _TCVN3_LETTERS.replace(" ", ""), strict=True)
)
_TCVN3_BYTES = {letter: code for code, letter in _TCVN3.items()}
#: Names that mailers write for a charset Python knows by another name.
_ALIASES = {
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-user-defined": "windows-1252",
    "iso-8859-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "x-windows-1258": "windows-1258",
    "tcvn": "tcvn3",
    "tcvn3": "tcvn3",
    "x-viet-tcvn": "tcvn3",
    "tcvn-5712": "tcvn3",
}
#: Beyond ASCII and still ordinary in a text of any language.
_PUNCTUATION = frozenset("\u00a0–—‘’“”„…•«»°€·")
#: One Vietnamese syllable without its tone: onset, vowels, final consonant.
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|đ|gh?|gi|h|kh?|l|m|ngh?|nh|n|ph?|qu?|r|s|th|tr|t|v|x)?"
    r"[aăâeêioôơuưy]{1,3}(?:ch?|m|ng|nh|n|p|t)?"
)
_TONES = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


def encode_tcvn3(text: str) -> bytes:
    """Return ``text`` in TCVN3, as old Vietnamese programs write it.

    Capital letters with tone marks do not exist there and become small ones.

    >>> encode_tcvn3("đá")
    b'\\xae\\xb8'
    """
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        code = _TCVN3_BYTES.get(letter) or _TCVN3_BYTES.get(letter.lower())
        out += bytes([code]) if code else letter.encode("ascii", "replace")
    return bytes(out)


def _decode_tcvn3(data: bytes) -> str:
    return "".join(_TCVN3.get(code, chr(code)) for code in data)


def _try(data: bytes, charset: str) -> str | None:
    if charset == "tcvn3":
        return _decode_tcvn3(data)
    try:
        return unicodedata.normalize("NFC", data.decode(charset))
    except (LookupError, UnicodeError):
        return None


def _strangeness(text: str) -> float:
    """Return how little ``text`` looks like Vietnamese or Western words: 0 is natural.

    The mean over what is beyond ASCII: a word that is a Vietnamese syllable costs
    nothing, one of Western letters a half, another word one, a symbol or a control
    character two.
    """
    cost = count = 0
    for word in _WORD.findall(text):
        if not word.isascii():
            count += 1
            cost += _cost_of_word(word)
    for letter in text:
        if ord(letter) > 127 and not letter.isalpha() and letter not in _PUNCTUATION:
            count += 1
            cost += 2
    return cost / count if count else 0.0


def _cost_of_word(word: str) -> float:
    composed = unicodedata.normalize("NFC", word)
    if composed[1:] != composed[1:].lower() and not composed.isupper():
        return 1.0
    plain = unicodedata.normalize("NFD", composed.lower()).translate(_TONES)
    if _SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)):
        return 0.0
    try:
        composed.encode("windows-1252")
    except UnicodeEncodeError:
        return 1.0
    return 0.5


def decode(data: bytes, declared: str | None) -> str:
    """Return the text of ``data``.

    The declared charset is believed when it fits; UTF-8 when that fits; otherwise the
    most natural reading among windows-1258, TCVN3 and windows-1252 wins. Never raises;
    the result has no NUL and no half surrogates, so that a database accepts it.

    :param data: the bytes after transfer decoding
    :param declared: charset named by the mail, None when there is none

    >>> decode("Tiếng Việt".encode("utf-8"), "x-unknown")
    'Tiếng Việt'
    >>> decode("Xin ch\\u00e0o".encode("cp1252"), None)
    'Xin chào'
    >>> decode(b"a\\x00b", "utf-8"), decode(b"", None)
    ('ab', '')
    """
    name = (declared or "").strip().strip("\"'").lower()
    name = _ALIASES.get(name, name)
    if name.startswith("utf-16") and not data.startswith(
        (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        # nobody sends it without a mark on purpose; read as bytes it says more
        name = ""
    text = None
    for charset in ("utf-8", name) if name == "windows-1252" else (name, "utf-8"):
        text = _try(data, charset) if charset else None
        if text is not None and _is_credible(text, charset, data):
            break
        text = None
    if text is None:
        readings = [_try(data, c) for c in ("windows-1258", "tcvn3", "windows-1252")]
        text = min((r for r in readings if r is not None), key=_strangeness)
    return clean(text)


def _is_credible(text: str, charset: str, data: bytes) -> bool:
    """Whether a declared Western or Vietnamese charset gives what a person wrote.

    Programs that do not know TCVN3 declare its bytes as Latin-1 or windows-1258; the
    better of the readings is then tried by the caller.
    """
    if charset not in ("windows-1252", "windows-1258"):
        return True
    own = _strangeness(text)
    others = (_try(data, c) for c in ("windows-1258", "tcvn3"))
    return own <= min(_strangeness(other) for other in others if other is not None)


def clean(text: str) -> str:
    """Return ``text`` as a database takes it: no NUL, no half surrogates, NFC.

    Half surrogates are bytes that Python's parser could not read; they are read again.

    >>> clean("ch\\udcc3\\udca0o")
    'chào'
    """
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        try:
            raw = text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raw = text.encode("utf-8", "replace")
        text = decode(raw, None)
    return unicodedata.normalize("NFC", text.replace("\x00", ""))
