"""Whether a message greets its reader already, so that it is not greeted twice.

>>> begins_with_greeting("Chào chị Mai,\\nmáy đã sửa xong.")
True
>>> begins_with_greeting("Máy đã sửa xong."), begins_with_greeting("High water, sorry.")
(False, False)
"""

import re

from .text import fold

#: How greetings begin in the languages of the first markets, folded.
_GREETING = re.compile(
    r"(?:(?:em |minh |shop )?(?:xin )?(?:kinh )?chao|kinh gui|kinh thua|da,? (?:em )?chao"
    r"|thua|dear|hello|hi|hey|good (?:morning|afternoon|evening|day)|greetings"
    r"|bonjour|bonsoir|cher|chere|madame|monsieur|guten tag|hallo|hola)\b"
)


def begins_with_greeting(text: str | None) -> bool:
    """Return whether ``text`` begins with a greeting.

    :param text: plain text of a message

    >>> begins_with_greeting("Dear Mr Smith,"), begins_with_greeting("  Kính gửi Quý vị")
    (True, True)
    >>> begins_with_greeting(""), begins_with_greeting(None)
    (False, False)
    """
    return bool(_GREETING.match(fold((text or "")[:200])))
