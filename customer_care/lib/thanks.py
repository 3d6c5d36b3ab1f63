"""Whether a message says nothing but thanks.

Careful on purpose: every word of the message must be known to belong to a word of
thanks. One word too many, a question mark, a digit or a file, and it is a message like
any other. A thanks that is missed reopens a ticket, which costs an agent a glance; a
complaint that is taken for thanks is lost, which costs a customer.

>>> read("Cảm ơn shop nhiều ạ 🙏"), read("ok"), read("Cảm ơn, nhưng máy vẫn hỏng")
('thanks', 'agreed', '')
>>> read("Thanks Lan!", names=["Nguyễn Thị Lan"])
'thanks'
"""

import re
import unicodedata
from collections.abc import Iterable

from .text import fold

#: Nothing but gratitude; it answers no question.
THANKS = "thanks"
#: Agreement or praise, perhaps with thanks: after a question of ours it is an answer.
AGREED = "agreed"
#: More words than this are a letter, whatever they say.
MAX_WORDS = 24

#: Phrases are folded; longer ones are tried first.
_THANKS = """
cam on|cam on nhieu|xin cam on|cam ta|da ta|cam un|cam onnn|cmon|tks|tkx|thks|thx|thnx|ths|tk you
thank|thanks|thank u|thank you|thankyou|thank you so much|thank you very much|many thanks
thanks a lot|thanks a million|thanks a bunch|much appreciated|appreciate it|appreciated
i appreciate it|we appreciate it|i really appreciate it|cheers|ty|tysm|merci
biet on|rat biet on|cam kich
"""
_AGREED = """
ok|oke|okay|okey|okie|oki|okela|ok la|okla|duoc roi|duoc roi a|on roi|on|on ca roi|tot roi|xong roi
tot|rat tot|tot lam|tuyet|tuyet voi|qua tuyet|hay qua|hai long|rat hai long|hoan hao|vang|da
da vang|da a|u|uh|uhm
great|perfect|excellent|awesome|wonderful|fantastic|amazing|super|nice|good|very good|good job
great job|well done|cool|all good|all right now|alright|got it|noted|understood|received
it works|it works now|works now|works fine now|working now|it is working now|its working now
that works|problem solved|issue resolved|da nhan duoc|minh nhan duoc roi|nhan duoc roi|da nhan
da nhan duoc hang|nhan duoc hang roi|minh hieu roi|em hieu roi|hieu roi|da ro|ro roi|ra vay
yes|yep|sure|fine|lovely|brilliant|great support|great service
"""
#: May stand anywhere beside a word of thanks.
_FILLERS = """
da|a|ah|nha|nhe|nhes|nhaa|nghen|nhen|oi|luon|roi|lam|nhieu|rat|rat nhieu|qua|that|thiet|vay|the
shop|ad|admin|anh|chi|em|ban|b|minh|toi|tui|co|chu|bac|ong|ba|anh chi|cac anh|cac ban|cac em
moi nguoi|ca nha|team|doi ngu|cong ty|quy cong ty|hi|hihi|hehe|haha|hi hi|hello|chao|xin chao
chuc|mot ngay|ngay moi|tot lanh|vui ve|vui|suc khoe|buoi toi|buoi sang|cuoi tuan|nam moi|an lanh
thanh cong|xin gui loi|xin|va
hey|dear|all|everyone|guys|sir|madam|maam|mr|ms|mrs|miss|dear sir|support team
you|so|very|much|a lot|again|indeed|really|and|i|we|you all|you guys|just wanted to say|too
have a|good|nice|great|wonderful|day|evening|weekend|week|best|regards|best regards|kind regards
warm regards|yours|sincerely|yours sincerely|bye|tran trong|than men|than|kinh thu|kinh|men
"""
#: What one may be thanked for: only after the word of thanks, in the same clause, for
#: by themselves they ask for something (“hỗ trợ em”, “reply me”).
_REASONS = """
da|vi|vi da|vi su|su|cua|da ho tro|da giup|da giup do|da tu van|da giai quyet|da phan hoi|da xu ly
ho tro|tu van|giup do|giup|nhiet tinh|nhanh chong|tan tinh|chu dao|kip thoi|som|bo phan|nhan vien
ky thuat|cham soc khach hang|cskh|hotline
for|the|your|to|from|me|my|us|our|it|that|this|of|all|help|helping|quick|fast|prompt|kind|response
reply|answer|support|service|assistance|patience|time|effort|efforts|advice|info|information|update
sorting out|fixing|being|in advance|a|once
"""

_SIGNATURE = re.compile(
    r"^\s*(?:--\s*$|_{5,}|(?:sent|envoyé) (?:from|with|via) |get outlook for "
    r"|gửi từ |được gửi từ |đã gửi từ |sent by )",
    re.IGNORECASE,
)
_SMILEY = re.compile(r"(?:[:;=8]['’-]?[)D\]3pP*]+|\^[_.-]*\^|<3+|[:=]\*+)")
#: Smileys and hearts that go with thanks; unknown ones (a face in tears) do not.
_KIND_EMOJI = frozenset(
    "👍👌🙏🙌👏💪🤝✌✅☑✔💯❤♥🧡💛💚💙💜🖤🤍🤎💕💖💗💓💞💝💘😊☺🙂😀😃😄😁😆😍🥰😘😇🤗🤩😎😉😋"
    "🎉🎊✨⭐🌟🌹🌸🌺🌷💐🌼🌻🍀🎁🥳🫶🤙"
)
#: Ends a clause: a sentence, a line, a comma, a kind emoji.
_CLAUSE_END = re.compile(f"[.,!;:…\\n{''.join(sorted(_KIND_EMOJI))}]")
#: Any sign but letters, spaces, punctuation, kind emoji and what colours and joins them.
_SIGNS = re.compile(
    r"[^\w\s.,!;:~\-–—…'’\"“”()*\u0300-\u036f\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"
    f"{''.join(sorted(_KIND_EMOJI))}]"
)


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    found = (tuple(part.split()) for part in re.split(r"[|\n]", text))
    return frozenset(part for part in found if part)


_THANKS_PHRASES = _phrases(_THANKS)
_AGREED_PHRASES = _phrases(_AGREED)
_FILLER_PHRASES = _phrases(_FILLERS)
_REASON_PHRASES = _phrases(_REASONS)
_LONGEST = max(
    map(
        len,
        _THANKS_PHRASES | _AGREED_PHRASES | _FILLER_PHRASES | _REASON_PHRASES,
    )
)


def read(text: str | None, names: Iterable[str] = (), has_files: bool = False) -> str:
    """Say what a message amounts to.

    :param text: plain text of what the sender wrote himself, without quoted parts
    :param names: names of people and companies of the conversation, whose words may
        stand beside a word of thanks and in the signature
    :param has_files: a file came with it
    :return: ``THANKS``, ``AGREED``, or empty for a message that says anything else

    >>> read("👍"), read("cam on em nhieu"), read("Great, thank you so much!")
    ('agreed', 'thanks', 'agreed')
    >>> read("Cảm ơn đã hỗ trợ"), read("Cảm ơn. Hỗ trợ em ngay")
    ('thanks', '')
    >>> read("Chưa được, cảm ơn"), read("thanks?"), read("ok 15h"), read("")
    ('', '', '', '')
    >>> read("Cảm ơn", has_files=True)
    ''
    """
    own = _strip_signature(text or "")
    if has_files or not own.strip():
        return ""
    plain = _SMILEY.sub(" 🙂 ", unicodedata.normalize("NFC", own))
    if "?" in plain or "？" in plain or any(char.isdigit() for char in plain):
        return ""
    if _SIGNS.search(plain):
        return ""
    has_emoji = any(char in _KIND_EMOJI for char in plain)
    clauses = [_words(clause) for clause in _CLAUSE_END.split(plain)]
    clauses = [words for words in clauses if words]
    if sum(map(len, clauses)) > MAX_WORDS:
        return ""
    known = _name_words(names)
    found = [_weigh(words, known) for words in clauses]
    if None in found:
        return ""
    if AGREED in found or (not clauses and has_emoji):
        return AGREED
    return THANKS if THANKS in found else ""


def _strip_signature(text: str) -> str:
    """Return the lines before a signature mark or a line such as “Sent from my phone”."""
    lines = []
    for line in text.splitlines():
        if _SIGNATURE.match(line):
            break
        lines.append(line)
    return "\n".join(lines)


def _words(clause: str) -> list[str]:
    """Return the folded words of a clause, without emoji and signs."""
    text = re.sub(r"['’]", "", clause)
    kept = "".join(
        char if char.isalpha() or "\u0300" <= char <= "\u036f" else " " for char in text
    )
    return [_shorten(word) for word in fold(kept).split()]


def _shorten(word: str) -> str:
    """Return a word without drawn-out letters: “okkkk” is “ok”, “nhaaa” is “nha”."""
    return re.sub(r"(.)\1{2,}", r"\1", word)


def _name_words(names: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word
        for name in names
        for word in re.findall(r"[^\W\d_]+", fold(name))
        if word not in _NEVER_NAMES
    )


#: Words that turn a sentence round, even where somebody is called so.
_NEVER_NAMES = frozenset(
    "khong chua nhung ma van hong loi not no but still never broken wrong".split()
)


def _weigh(words: list[str], names: frozenset[str]) -> str | None:
    """Cover one clause with known phrases, from the left, the longest first.

    :return: ``THANKS``, ``AGREED``, empty for mere courtesy, None for anything else
    """
    found, at = "", 0
    if tuple(words[:1]) in _AGREED_PHRASES and (words[0] != "da" or len(words) == 1):
        found = AGREED  # also “great”, which is a mere filler elsewhere
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at), 0, -1):
            phrase = tuple(words[at : at + length])
            is_courtesy = phrase in _FILLER_PHRASES or (
                length == 1 and phrase[0] in names
            )
            if phrase in _THANKS_PHRASES:
                found = found or THANKS
            elif phrase in _AGREED_PHRASES and not is_courtesy:
                found = AGREED
            elif not is_courtesy and not (
                found == THANKS and phrase in _REASON_PHRASES
            ):
                continue
            at += length
            break
        else:
            return None
    return found
