r"""What must become of each mail of ``corpus/``, decided from the rules before running.

One row per mail: state and outcome of its row in the inbox; the ticket's subject (None:
``Yêu cầu <name>``); what the sender wrote himself, in lines (None: not compared); the
names of the files; whether the sender gets a receipt.
"""

from typing import NamedTuple


class Expected(NamedTuple):
    """The rules' answer to one mail."""

    state: str
    outcome: str = ""
    subject: str | None = None
    new_text: str | None = None
    files: tuple[str, ...] = ()
    receipt: bool = False
    rows: int = 1


def ticket(new_text=None, subject=None, files=(), receipt=True, rows=1):
    """A request of a customer."""
    return Expected("done", "ticket", subject, new_text, files, receipt, rows)


def reply(new_text=None):
    """An answer on the prepared ticket that its reader sees."""
    return Expected("done", "reply", "", new_text)


def note(new_text=None):
    """Kept on the prepared ticket, unverified."""
    return Expected("done", "note", "", new_text)


IGNORED = Expected("ignored")
QUARANTINE = Expected("quarantine")
AUTOMATIC = Expected("done", "automatic")
REPORT = Expected("done", "report")
LEGACY = "Kính gửi cửa hàng, tủ lạnh của tôi bị hỏng. Xin cảm ơn."
STILL = "Vẫn chưa chạy, anh xem lại giúp."

EXPECTED = {
    # plain requests
    "plain_utf8": ticket("Xin chào,\nTôi mua máy giặt tuần trước, nay không chạy."),
    "html_only": ticket("Đơn hàng S00042 chưa tới."),
    "alternative": ticket("Gói hàng bị móp."),
    "empty_subject": ticket("Cho tôi hỏi giờ mở cửa.", "(no subject)"),
    "no_subject_header": ticket("Cửa hàng có giao tận nơi không?", "(no subject)"),
    "empty_body": ticket(""),
    "empty_both_with_photo": ticket("", "(no subject)", ("hong.gif",)),
    "no_message_id": ticket("Không có Message-Id."),
    "no_from": ticket("Ai gửi đây?", receipt=False),
    "long_subject": ticket(
        "Chủ đề rất dài.", ("Khiếu nại " + "rất " * 500)[:199] + "…"
    ),
    "emoji": ticket("Hàng đẹp lắm 😍👍🏼 cảm ơn shop\u200b!", "😍 Cảm ơn"),
    "nul_bytes": ticket("Máy kêu to.", "Máy lạ"),
    "delivered_to_only": ticket("Gui theo kieu bcc."),
    # encodings
    "windows_1258": ticket(LEGACY),
    "windows_1258_as_utf8": ticket(LEGACY),
    "windows_1258_as_latin1": ticket(LEGACY),
    "tcvn3_as_utf8": ticket(LEGACY),
    "tcvn3_as_latin1": ticket(LEGACY),
    "missing_charset": ticket(LEGACY),
    "unknown_charset": ticket(LEGACY),
    "utf16_without_mark": ticket(),
    "missing_charset_in_part": ticket(LEGACY),
    "html_meta_1258": ticket(LEGACY),
    "words_split": ticket("x1", "Khiếu nại đơn"),
    "words_split_character": ticket("x2", "Khiếu nại"),
    "words_broken": ticket("x3", "=?utf-8?B?a?= Đơn hàng"),
    "words_missing": ticket("x4", "Khiếu nại đơn hàng"),
    "words_unknown_charset": ticket("x5", "Khiếu nại"),
    "words_with_spaces": ticket("x6", "Khiếu nại"),
    "words_in_quotes": ticket("x7"),
    "punycode": ticket("Tên miền có dấu."),
    "unicode_address": ticket("Địa chỉ có dấu."),
    # files
    "related_inline": ticket("Xem ảnh:", files=("anh.gif",)),
    "inline_without_name": ticket("Ảnh:", files=("image.gif",)),
    "file_names": ticket("Ba tệp.", files=("bảo hành.pdf", "hóa đơn.pdf", "passwd")),
    "text_file_unknown_charset": ticket("Có tệp văn bản.", files=("log.txt",)),
    "smime_signed": ticket("Thư có chữ ký số.", files=("smime.p7s",)),
    "smime_opaque": ticket("", files=("smime.p7m",)),
    "winmail": ticket("Gui tu Outlook cu.", files=("winmail.dat",)),
    "forwarded_as_file": ticket(
        "Xem thư đính kèm.", "Fwd: hóa đơn", ("Giao hang.eml",)
    ),
    "calendar_request": ticket(
        "Mời kỹ thuật viên đến lúc 9 giờ.", "Lời mời: kiểm tra máy", ("invite.ics",)
    ),
    "calendar_reply": IGNORED,
    # broken structure
    "no_boundary": ticket("Thư thiếu boundary."),
    "cut_off": ticket("Thư bị cắt.", files=("a.gif",)),
    "broken_headers": ticket("Tiêu đề hỏng."),
    "deep": QUARANTINE,
    "constant_id_1": ticket("Máy quét số 1."),
    "constant_id_2": ticket("Máy quét số 2."),
    # addresses
    "two_aliases": ticket("Gửi hai bộ phận."),
    "two_aliases_cc_first": ticket("Bộ phận ở Cc sau."),
    "two_companies": ticket("Gửi hai công ty.", rows=2),
    "contacts_only": QUARANTINE,
    "reply_to_differs": ticket("Trả lời vào hộp thư khác nhé."),
    "web_form": ticket("Gửi từ trang web."),
    "own_address": IGNORED,
    "list_mail": ticket("Thư qua nhóm Google.", receipt=False),
    "newsletter": IGNORED,
    "marked_spam": ticket("Trúng thưởng iPhone.", receipt=False),
    "forged_customer_new": ticket("Tôi là chị Mai.", receipt=False),
    # replies
    "reply_gmail_vi": reply(STILL),
    "reply_outlook_vi": reply(STILL),
    "reply_outlook_web": reply(STILL),
    "reply_apple": reply(STILL),
    "reply_plain_fr": reply(STILL),
    "reply_interleaved": reply(f"Chưa xong đâu.\n{STILL}"),
    "reply_old_outlook": reply(STILL),
    "reply_by_mark": reply(STILL),
    "reply_wrong_mark": ticket("Dấu sai.", "Re: Máy giặt"),
    "reply_subject_alone": ticket("Chỉ giống chủ đề.", "Re: Máy giặt của anh Hùng"),
    "reply_participant": reply("Tôi là kế toán của anh Hùng."),
    "reply_agent": reply("Chào anh Hùng, mai kỹ thuật qua ạ."),
    "reply_stranger": note(),
    "reply_spoofed_agent": note(),
    "reply_agent_without_access": note(),
    "reply_forged_customer": note(),
    "forward_gmail": ticket(
        "---------- Forwarded message ---------\nFrom: Shop\nNội dung chuyển tiếp.",
        "Fwd: Khuyến mãi",
    ),
    # automatic mail
    "ooo_outlook_vi": AUTOMATIC,
    "ooo_exchange_en": IGNORED,
    "ooo_fr_no_header": AUTOMATIC,
    "ooo_vi_no_header": IGNORED,
    "ooo_null_sender": IGNORED,
    "ooo_x_autoreply": IGNORED,
    "ooo_precedence": IGNORED,
    "ooo_of_stranger": AUTOMATIC,
    "program": IGNORED,
    "subject_looks_automatic": ticket(
        "Chức năng trả lời tự động của máy bị lỗi.", "Trả lời tự động bị lỗi"
    ),
    # delivery reports
    "dsn_postfix": REPORT,
    "dsn_delayed": IGNORED,
    "dsn_unknown": IGNORED,
    "dsn_headers_only": REPORT,
    "dsn_qmail": REPORT,
    "read_receipt": IGNORED,
    # attacks
    "xss_html": ticket(),
    "xss_headers": ticket(
        "<script>alert(7)</script>",
        '<img src=x onerror=alert(8)>"><script>alert(9)</script>',
    ),
    "xss_file": ticket("Tệp lạ.", files=("b>.html",)),
}
