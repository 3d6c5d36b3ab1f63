"""Mails that ask something new: texts, encodings, files, structure, addresses."""

# ruff: noqa: E501  (lines are as long as mail programs write them)

import base64

from corpus_parts import (
    GIF,
    SUPPORT,
    alternative,
    b64,
    cp1258,
    head,
    mail,
    multipart,
    part,
    simple,
    tcvn3,
)

# ------------------------------------------------------------------ plain requests

simple("plain_utf8", "Xin chào,\n\nTôi mua máy giặt tuần trước, nay không chạy.\n")
mail(
    "html_only",
    head("html_only", content_type="text/html; charset=utf-8"),
    "Content-Transfer-Encoding: 8bit\n\n",
    "<html><body><p>Đơn hàng <b>S00042</b> chưa tới.</p></body></html>\n",
)
mail(
    "alternative",
    head("alternative", content_type='multipart/alternative; boundary="b1"'),
    "\n",
    alternative("b1", "Gói hàng bị móp.\n", "<p>Gói hàng <i>bị móp</i>.</p>\n"),
)
simple("empty_subject", "Cho tôi hỏi giờ mở cửa.\n", subject="")
simple("no_subject_header", "Cửa hàng có giao tận nơi không?\n", subject=False)
simple("empty_body", "")
mail(
    "empty_both_with_photo",
    head(
        "empty_both_with_photo", subject="", content_type="multipart/mixed; boundary=b1"
    ),
    "\n",
    multipart(
        "b1",
        part(
            "image/gif; name=hong.gif",
            b64(GIF),
            "base64",
            'attachment; filename="hong.gif"',
        ),
    ),
)
simple("no_message_id", "Không có Message-Id.\n", message_id=False)
simple("no_from", "Ai gửi đây?\n", sender=False)
simple("long_subject", "Chủ đề rất dài.\n", subject="Khiếu nại " + "rất " * 500 + "gấp")
simple("emoji", "Hàng đẹp lắm 😍👍🏼 cảm ơn shop\u200b!\n", subject="😍 Cảm ơn")
mail(
    "nul_bytes",
    head("nul_bytes", subject="Máy\x00 lạ"),
    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n",
    b"M\xc3\xa1y\x00 k\xc3\xaau to.\x00\n",
)
mail(
    "delivered_to_only",
    "Delivered-To: support-test@care.example\n",
    head("delivered_to_only", to="undisclosed-recipients:;"),
    "\nGui theo kieu bcc.\n",
)

# ------------------------------------------------------------------ encodings

LEGACY = "Kính gửi cửa hàng, tủ lạnh của tôi bị hỏng. Xin cảm ơn."
simple("windows_1258", cp1258(LEGACY), charset="windows-1258")
simple("windows_1258_as_utf8", cp1258(LEGACY), charset="utf-8")
simple("windows_1258_as_latin1", cp1258(LEGACY), charset="iso-8859-1")
simple("tcvn3_as_utf8", tcvn3(LEGACY), charset="utf-8")
simple("tcvn3_as_latin1", tcvn3(LEGACY), charset="iso-8859-1")
simple("missing_charset", LEGACY, charset=None)
simple("unknown_charset", LEGACY, charset="x-vps")
simple("utf16_without_mark", LEGACY.encode("utf-16-le"), charset="utf-16")
mail(
    "missing_charset_in_part",
    head("missing_charset_in_part", content_type="multipart/mixed; boundary=b1"),
    "\n",
    multipart("b1", f"\n{LEGACY}\n"),
)
mail(
    "html_meta_1258",
    head("html_meta_1258", content_type="text/html"),
    "Content-Transfer-Encoding: 8bit\n\n",
    b'<html><head><meta http-equiv="Content-Type" content="text/html; charset=windows-1258"></head><body>',
    cp1258(LEGACY),
    b"</body></html>\n",
)
simple(
    "words_split",
    "x1\n",
    subject="=?utf-8?B?S2hp4bo=?= =?utf-8?B?v3UgbuG6oWk=?= =?utf-8?Q?_=C4=91=C6=A1n?=",
)
simple(
    "words_split_character",
    "x2\n",
    subject="=?utf-8?Q?Khi=E1=BA?= =?utf-8?Q?=BFu_n=E1=BA=A1i?=",
)
simple("words_broken", "x3\n", subject="=?utf-8?B?a?= Đơn hàng")
simple("words_missing", "x4\n", subject="Khiếu nại đơn hàng")
simple(
    "words_unknown_charset", "x5\n", subject="=?x-none?Q?Khi=E1=BA=BFu_n=E1=BA=A1i?="
)
simple("words_with_spaces", "x6\n", subject="=?utf-8?q?Khi=e1=ba=bfu n=e1=ba=a1i?=")
simple(
    "words_in_quotes",
    "x7\n",
    sender=f'"=?UTF-8?B?{base64.b64encode("Lê Văn Tám".encode()).decode()}?=" <words_in_quotes@stranger.test>',
)
simple("punycode", "Tên miền có dấu.\n", sender="Bán Hàng <mai@xn--ca-hng-zva4852b.vn>")
simple("unicode_address", "Địa chỉ có dấu.\n", sender="mai@cửahàng.vn")

# ------------------------------------------------------------------ files

mail(
    "related_inline",
    head("related_inline", content_type='multipart/related; boundary="b1"'),
    "\n",
    multipart(
        "b1",
        part(
            "text/html; charset=utf-8",
            '<p>Xem ảnh: <img src="cid:anh1@x"></p>\n',
            "8bit",
        ),
        part(
            "image/gif; name=anh.gif",
            b64(GIF),
            "base64",
            'inline; filename="anh.gif"',
            cid="anh1@x",
        ),
    ),
)
mail(
    "inline_without_name",
    head("inline_without_name", content_type='multipart/related; boundary="b1"'),
    "\n",
    multipart(
        "b1",
        part("text/html; charset=utf-8", '<p>Ảnh: <img src="cid:k@x"></p>\n', "8bit"),
        part("image/gif", b64(GIF), "base64", cid="k@x"),
    ),
)
mail(
    "file_names",
    head("file_names", content_type="multipart/mixed; boundary=b1"),
    "\n",
    multipart(
        "b1",
        part("text/plain; charset=utf-8", "Ba tệp.\n", "8bit"),
        part(
            "application/pdf",
            b64(b"%PDF-1.4 x"),
            "base64",
            "attachment; filename*=UTF-8''h%C3%B3a%20%C4%91%C6%A1n.pdf",
        ),
        part(
            "application/pdf",
            b64(b"%PDF-1.4 y"),
            "base64",
            'attachment; filename="=?utf-8?Q?b=E1=BA=A3o_h=C3=A0nh.pdf?="',
        ),
        part(
            "text/plain", b64(b"z"), "base64", 'attachment; filename="../../etc/passwd"'
        ),
    ),
)
mail(
    "text_file_unknown_charset",
    head("text_file_unknown_charset", content_type="multipart/mixed; boundary=b1"),
    "\n",
    multipart(
        "b1",
        part("text/plain; charset=utf-8", "Có tệp văn bản.\n", "8bit"),
        part(
            "text/plain; charset=x-vps; name=log.txt",
            b64(b"\xff\xfe\x80 loi"),
            "base64",
            "attachment",
        ),
    ),
)
mail(
    "smime_signed",
    head(
        "smime_signed",
        content_type='multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary=b1',
    ),
    "\n",
    multipart(
        "b1",
        part("text/plain; charset=utf-8", "Thư có chữ ký số.\n", "8bit"),
        part(
            "application/pkcs7-signature; name=smime.p7s",
            b64(b"0\x80\x06\x09*"),
            "base64",
            'attachment; filename="smime.p7s"',
        ),
    ),
)
mail(
    "smime_opaque",
    head(
        "smime_opaque", content_type="application/pkcs7-mime; smime-type=enveloped-data"
    ),
    "Content-Transfer-Encoding: base64\n\n",
    b64(b"0\x80\x06\x09*secret"),
)
mail(
    "winmail",
    head("winmail", content_type="multipart/mixed; boundary=b1"),
    "X-MS-TNEF-Correlator: <x>\n\n",
    multipart(
        "b1",
        part("text/plain; charset=us-ascii", "Gui tu Outlook cu.\n"),
        part(
            "application/ms-tnef; name=winmail.dat",
            b64(b"\x78\x9f\x3e\x22"),
            "base64",
            'attachment; filename="winmail.dat"',
        ),
    ),
)
mail(
    "forwarded_as_file",
    head(
        "forwarded_as_file",
        subject="Fwd: hóa đơn",
        content_type="multipart/mixed; boundary=b1",
    ),
    "\n",
    multipart(
        "b1",
        part("text/plain; charset=utf-8", "Xem thư đính kèm.\n", "8bit"),
        part(
            "message/rfc822",
            "From: kho@shop.test\nSubject: Giao hang\nMessage-Id: <inner@shop.test>\n\nNoi dung ben trong.\n",
        ),
    ),
)
mail(
    "calendar_request",
    head(
        "calendar_request",
        subject="Lời mời: kiểm tra máy",
        content_type='multipart/alternative; boundary="b1"',
    ),
    "\n",
    multipart(
        "b1",
        part("text/plain; charset=utf-8", "Mời kỹ thuật viên đến lúc 9 giờ.\n", "8bit"),
        part(
            "text/calendar; charset=utf-8; method=REQUEST",
            "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n",
        ),
    ),
)
mail(
    "calendar_reply",
    head(
        "calendar_reply",
        subject="Accepted: kiểm tra máy",
        content_type='multipart/alternative; boundary="b1"',
    ),
    "\n",
    multipart(
        "b1",
        part("text/plain; charset=utf-8", "Mai accepted.\n", "8bit"),
        part(
            'text/calendar; charset=utf-8;\n method="REPLY"',
            "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n",
        ),
    ),
)

# ------------------------------------------------------------------ broken structure

mail(
    "no_boundary",
    head("no_boundary", content_type="multipart/mixed"),
    "\nThư thiếu boundary.\n",
)
mail(
    "cut_off",
    head("cut_off", content_type="multipart/mixed; boundary=b1"),
    "\n--b1\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nThư bị cắt.\n",
    "--b1\nContent-Type: image/gif; name=a.gif\nContent-Transfer-Encoding: base64\n"
    "Content-Disposition: attachment; filename=a.gif\n\nR0lGODlhAQ",
)
mail(
    "broken_headers",
    "This line is no header\n",
    head("broken_headers"),
    "Content-Type: text/plain; charset\nX-: \n : y\n\n",
    "Tiêu đề hỏng.\n",
)
_deep = "\nLớp trong cùng.\n"
for _level in range(80, 0, -1):
    _deep = f"Content-Type: multipart/mixed; boundary=d{_level}\n\n--d{_level}\n{_deep}\n--d{_level}--\n"
mail("deep", head("deep"), _deep)
simple(
    "constant_id_1",
    "Máy quét số 1.\n",
    message_id="<scan@device>",
    date="Mon, 02 Mar 2026 08:00:00 +0700",
)
simple(
    "constant_id_2",
    "Máy quét số 2.\n",
    message_id="<scan@device>",
    date="Mon, 02 Mar 2026 08:05:00 +0700",
)

# ------------------------------------------------------------------ addresses

simple("two_aliases", "Gửi hai bộ phận.\n", to=f"{SUPPORT}, warranty@care.example")
simple(
    "two_aliases_cc_first",
    "Bộ phận ở Cc sau.\n",
    to="warranty@care.example",
    cc=SUPPORT,
)
simple("two_companies", "Gửi hai công ty.\n", to=f"{SUPPORT}, hue@care.example")
simple(
    "contacts_only", "Địa chỉ chỉ nhận người quen.\n", to="partners-only@care.example"
)
simple(
    "reply_to_differs",
    "Trả lời vào hộp thư khác nhé.\n",
    reply_to="other@elsewhere.test",
)
simple(
    "web_form",
    "Gửi từ trang web.\n",
    sender=f"Website <{SUPPORT}>",
    reply_to="Khách Web <web_form@stranger.test>",
)
simple("own_address", "Thư tự gửi.\n", sender=f"Support <{SUPPORT}>")
simple(
    "list_mail",
    "Thư qua nhóm Google.\n",
    extra="Precedence: list\nList-Id: <cskh.shop.test>\nMailing-list: list cskh@shop.test\n",
)
simple(
    "newsletter",
    "Khuyến mãi 50%!\n",
    extra="Precedence: bulk\nList-Unsubscribe: <mailto:x@shop.test>\n",
)
simple("marked_spam", "Trúng thưởng iPhone.\n", extra="X-Spam-Flag: YES\n")
simple(
    "forged_customer_new",
    "Tôi là chị Mai.\n",
    sender="Nguyễn Thị Mai <care_portal@care.test>",
    extra="Authentication-Results: mx.care.example; dmarc=fail; spf=fail\n",
)
