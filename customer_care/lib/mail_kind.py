r"""What kind of mail it is: written by a person, sent by a program, or a report.

Automatic mail never gets an answer from a program, stops no clock and reopens nothing.
The signs are those of RFC 3834 and what Exchange, list servers and old responders write.

>>> from .mail_source import Mail
>>> def kind(head): return automatic_kind(Mail(head.encode() + b"\r\n\r\n"))
>>> kind("Auto-Submitted: auto-replied"), kind("Auto-Submitted: no")
('auto_reply', '')
>>> kind("Subject: Trả lời tự động: Máy giặt"), kind("Subject: Trả lời tự động bị lỗi")
('auto_reply', '')
>>> kind("Precedence: list"), kind("Precedence: bulk")
('list', 'bulk')
"""

import re

from .mail_source import Mail
from .text import fold

#: Kinds of automatic mail, strongest sign first.
AUTOMATIC_KINDS = (
    "delivery_report",
    "read_receipt",
    "abuse_report",
    "auto_reply",
    "calendar_reply",
    "auto_generated",
    "bulk",
    "list",
)
#: How responders begin a subject, folded; always followed by a colon.
_AUTO_SUBJECT = re.compile(
    r"(?:automatic reply|auto(?:matic)?[- ]?reply|auto[- ]?response|autoreply"
    r"|out of (?:the )?office(?: auto ?-?reply)?|ooo|on vacation"
    r"|reponse automatique|absence(?: du bureau)?|absent[e]? du bureau"
    r"|(?:thu )?tra loi tu dong|tu dong tra loi|phan hoi tu dong|thu tra loi tu dong"
    r"|vang mat|dang nghi phep|automatische antwort|abwesenheitsnotiz"
    r"|respuesta automatica|risposta automatica)\s*[:：]"
)
_REPORTS = {
    "delivery-status": "delivery_report",
    "disposition-notification": "read_receipt",
    "feedback-report": "abuse_report",
}
_RESPONDER_HEADERS = ("X-Autoreply", "X-Auto-Reply", "X-Autorespond", "X-Autoresponder")
_DAEMONS = ("mailer-daemon@", "postmaster@", "mail-daemon@")


def automatic_kind(mail: Mail) -> str:
    """Return the kind of an automatic mail, empty for one that a person wrote.

    :return: a word of ``AUTOMATIC_KINDS`` or an empty string
    """
    report = _report_kind(mail)
    if report:
        return report
    submitted = mail.header("Auto-Submitted").lower().partition(";")[0].strip()
    if submitted and submitted != "no":
        is_reply = submitted.startswith("auto-replied")
        return "auto_reply" if is_reply or _is_auto_subject(mail) else "auto_generated"
    if _is_responder(mail):
        return "auto_reply"
    if calendar_method(mail) in ("REPLY", "COUNTER"):
        return "calendar_reply"
    precedence = mail.header("Precedence").lower().strip()
    if mail.header("X-Auto-Response-Suppress") and precedence != "list":
        words = mail.header("X-Auto-Response-Suppress").lower()
        if any(word in words for word in ("all", "oof", "autoreply")):
            return "auto_generated"
    if precedence in ("bulk", "junk"):
        return "bulk"
    return "list" if precedence == "list" else ""


def _report_kind(mail: Mail) -> str:
    content_type = mail.header("Content-Type").lower()
    if content_type.startswith("multipart/report"):
        for word, kind in _REPORTS.items():
            if word in content_type:
                return kind
        return "delivery_report"
    if mail.sender.email.startswith(_DAEMONS) and _has_empty_return_path(mail):
        return "delivery_report"
    if mail.sender.email.startswith("mailer-daemon@"):
        return "delivery_report"
    return ""


def _is_responder(mail: Mail) -> bool:
    if any(mail.header(name).lower() not in ("", "no") for name in _RESPONDER_HEADERS):
        return True
    if mail.header("Precedence").lower().strip() in ("auto_reply", "auto-reply"):
        return True
    return _is_auto_subject(mail) or _has_empty_return_path(mail)


def _is_auto_subject(mail: Mail) -> bool:
    return bool(_AUTO_SUBJECT.match(fold(mail.subject)))


def _has_empty_return_path(mail: Mail) -> bool:
    """Whether the mail came with the null sender, which must never be answered."""
    return mail.header("Return-Path").replace(" ", "") == "<>"


def calendar_method(mail: Mail) -> str:
    """Return the method of an invitation (REQUEST, REPLY, …), empty without one.

    >>> calendar_method(Mail(b"Content-Type: text/calendar; method=REPLY\\n\\n"))
    'REPLY'
    """
    head = mail.header("Content-Type").lower()
    if not head.startswith(("text/calendar", "multipart/")):
        return ""
    found = re.search(
        rb"(?i)content-type:\s*text/calendar\s*;[^\n]*?(?:\n[ \t][^\n]*?)*?method=\"?(\w+)",
        mail.raw[:200_000],
    )
    return found.group(1).decode("ascii").upper() if found else ""


def is_list(mail: Mail) -> bool:
    """Whether the mail came through a list: an answer could reach all its members."""
    return bool(mail.header("List-Id") or mail.header("List-Post"))


def is_marked_spam(mail: Mail) -> bool:
    """Whether our own mail server took it for spam."""
    flag = mail.header("X-Spam-Flag").strip().lower()
    status = mail.header("X-Spam-Status").strip().lower()
    return flag == "yes" or status.startswith("yes")


def authentication(mail: Mail) -> str:
    """Return what our mail server found out about the sender's domain.

    Only the results of the topmost ``Authentication-Results`` and of headers with the
    same server name count: further down, anybody may have written them. A valid DKIM
    signature or SPF counts for the domain in From alone: a forger's own domain passes
    its own checks.

    :return: ``pass``; ``fail`` when DMARC says so; ``weak`` when SPF fails and nothing
        else is valid; ``other`` when only another domain is valid; ``unknown`` when
        nothing was checked

    >>> def result(text):
    ...     head = b"From: lan@shop.vn\\nAuthentication-Results: mx.a.vn; " + text
    ...     return authentication(Mail(head + b"\\n\\n"))
    >>> result(b"dmarc=fail; spf=pass"), result(b"dkim=pass header.d=shop.vn; spf=fail")
    ('fail', 'pass')
    >>> result(b"spf=softfail; dkim=none"), result(b"none")
    ('weak', 'unknown')
    >>> result(b"dkim=pass header.d=evil.test; spf=pass smtp.mailfrom=x@evil.test")
    'other'
    """
    domain = mail.sender.email.rpartition("@")[2]
    found, others = {}, False
    for method, result, properties in _results(mail):
        if result == "pass" and method != "dmarc":
            named = re.findall(
                r"(?:header\.[di]|smtp\.mailfrom|smtp\.helo)\s*=\s*(\S+)", properties
            )
            if not any(_is_of_domain(name, domain) for name in named):
                others = True
                continue
        # several signatures: one valid is enough
        if found.get(method) != "pass":
            found[method] = result
    if found.get("dmarc") == "fail":
        return "fail"
    if "pass" in found.values():
        return "pass"
    if found.get("spf") in ("fail", "softfail") and not others:
        return "weak"
    return "other" if others else "unknown"


def _results(mail: Mail):
    """Yield (method, result, properties) of the checks that our own server made."""
    values = mail.headers("Authentication-Results")
    server = values[0].partition(";")[0].split()[:1] if values else []
    for value in values:
        name, _semicolon, results = value.partition(";")
        if name.split()[:1] != server:
            continue
        for entry in re.sub(r"\([^()]*\)", "", results).lower().split(";"):
            match = re.match(r"\s*(dmarc|spf|dkim)\s*=\s*(\w+)(.*)", entry, re.DOTALL)
            if match:
                yield match.groups()


def _is_of_domain(name: str, domain: str) -> bool:
    """Whether a domain or address belongs to ``domain``, or the other way round."""
    name = name.strip("\"'").rpartition("@")[2]
    return bool(name) and (
        name == domain or name.endswith(f".{domain}") or domain.endswith(f".{name}")
    )
