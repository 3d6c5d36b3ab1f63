"""Mails that answer: people, programs, mail servers; and mails that attack."""

# ruff: noqa: E501  (lines are as long as mail programs write them)

from corpus_parts import (
    AGENT_ID,
    CUSTOMER,
    SUPPORT,
    alternative,
    b64,
    dsn,
    head,
    mail,
    multipart,
    part,
    reply_head,
    simple,
)

# ------------------------------------------------------------------ replies

NEW = "Vẫn chưa chạy, anh xem lại giúp."
mail(
    "reply_gmail_vi",
    reply_head("reply_gmail_vi", content_type='multipart/alternative; boundary="b1"'),
    "\n",
    alternative(
        "b1",
        f"{NEW}\n\nVào Th 2, 2 thg 3, 2026 vào lúc 09:00 Support <{SUPPORT}> đã viết:\n> Chúng tôi đã sửa xong.\n",
        f'<div dir="ltr">{NEW}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f"Vào Th 2, 2 thg 3, 2026 vào lúc 09:00 Support &lt;{SUPPORT}&gt; đã viết:<br></div>"
        '<blockquote class="gmail_quote" style="border-left:1px solid"><p>Chúng tôi đã sửa xong.</p></blockquote></div>\n',
    ),
)
mail(
    "reply_outlook_vi",
    reply_head("reply_outlook_vi", content_type="text/html; charset=utf-8"),
    "Content-Transfer-Encoding: 8bit\n\n",
    f'<html><body lang="VI"><div class="WordSection1"><p class="MsoNormal">{NEW}</p><p class="MsoNormal">&nbsp;</p>'
    '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">'
    f"<b>Từ:</b> Support &lt;{SUPPORT}&gt;<br><b>Đã gửi:</b> Thứ Hai, 2 Tháng Ba 2026 9:00 SA<br><b>Tới:</b> Trần Văn Hùng<br>"
    "<b>Chủ đề:</b> Máy giặt</p></div></div><p>Chúng tôi đã sửa xong.</p></div></body></html>\n",
)
mail(
    "reply_outlook_web",
    reply_head("reply_outlook_web", content_type="text/html; charset=utf-8"),
    "Content-Transfer-Encoding: 8bit\n\n",
    f'<html><body><div class="elementToProof">{NEW}</div><div id="appendonsend"></div><hr tabindex="-1" style="width:98%">'
    f'<div id="divRplyFwdMsg" dir="ltr"><b>From:</b> Support &lt;{SUPPORT}&gt;<br><b>Sent:</b> Monday, March 2, 2026<br>'
    "<b>To:</b> Hung<br><b>Subject:</b> x</div><div><p>Chúng tôi đã sửa xong.</p></div></body></html>\n",
)
mail(
    "reply_apple",
    reply_head("reply_apple", content_type="text/html; charset=utf-8"),
    "Content-Transfer-Encoding: 8bit\n\n",
    f'<html><body><div>{NEW}</div><div><br><blockquote type="cite"><div>On 2 Mar 2026, at 09:00, Support &lt;{SUPPORT}&gt; wrote:</div>'
    "<br><div>Chúng tôi đã sửa xong.</div></blockquote></div></body></html>\n",
)
simple(
    "reply_plain_fr",
    f"{NEW}\n\nLe lun. 2 mars 2026 à 09:00, Support <{SUPPORT}> a écrit :\n> Chúng tôi đã sửa xong.\n",
    reply=True,
)
simple(
    "reply_interleaved",
    f"> Chúng tôi đã sửa xong.\nChưa xong đâu.\n> Mời anh kiểm tra.\n{NEW}\n",
    reply=True,
)
simple(
    "reply_old_outlook",
    f"{NEW}\n\n-----Original Message-----\nFrom: Support\nSent: Monday\nTo: Hung\n\nChúng tôi đã sửa xong.\n",
    reply=True,
)
simple("reply_by_mark", NEW + "\n", subject="RE: {mark} Máy giặt", sender=CUSTOMER)
simple(
    "reply_wrong_mark",
    "Dấu sai.\n",
    subject="Re: [#000001-00000000] Máy giặt",
    sender="reply_wrong_mark@stranger.test",
)
simple(
    "reply_subject_alone", "Chỉ giống chủ đề.\n", subject="Re: Máy giặt của anh Hùng"
)
simple(
    "reply_participant",
    "Tôi là kế toán của anh Hùng.\n",
    reply=True,
    sender="Kế Toán <accounts@customer.test>",
)
simple(
    "reply_agent",
    "Chào anh Hùng, mai kỹ thuật qua ạ.\n",
    reply=True,
    sender="care_lead_test@care.test",
)
simple(
    "reply_stranger",
    "Cho tôi xin địa chỉ của khách này.\n",
    reply=True,
    sender="Người Lạ <la@stranger.test>",
)
simple(
    "reply_spoofed_agent",
    "Anh chuyển khoản vào số này nhé.\n",
    reply=True,
    sender="care_lead_test@care.test",
    extra="Authentication-Results: mx.care.example; spf=fail smtp.mailfrom=evil.test; dkim=none; dmarc=fail\n",
)
simple(
    "reply_agent_without_access",
    "Tôi ở bộ phận khác.\n",
    reply=True,
    sender="care_reader@care.test",
)
simple(
    "reply_forged_customer",
    "Đổi địa chỉ giao hàng giúp.\n",
    reply=True,
    extra="Authentication-Results: mx.care.example; dmarc=fail\n",
)
mail(
    "forward_gmail",
    head(
        "forward_gmail",
        subject="Fwd: Khuyến mãi",
        content_type="text/html; charset=utf-8",
    ),
    "Content-Transfer-Encoding: 8bit\n\n",
    '<div dir="ltr"><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>'
    "From: Shop</div><p>Nội dung chuyển tiếp.</p></div></div>\n",
)

# ------------------------------------------------------------------ automatic mail

simple(
    "ooo_outlook_vi",
    "Tôi nghỉ phép đến thứ Hai.\n",
    subject="Trả lời tự động: [Máy giặt]",
    reply=True,
    extra="Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n",
)
simple(
    "ooo_exchange_en",
    "I am out of the office.\n",
    subject="Automatic reply: hello",
    extra="X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\n",
)
simple(
    "ooo_fr_no_header",
    "Je suis absent.\n",
    subject="Réponse automatique : Máy giặt",
    reply=True,
)
simple(
    "ooo_vi_no_header", "Tôi đang nghỉ lễ.\n", subject="Thư trả lời tự động: xin chào"
)
simple(
    "ooo_null_sender", "Vang mat.\n", subject="Re: xin chào", extra="Return-Path: <>\n"
)
simple("ooo_x_autoreply", "Đã nhận thư.\n", extra="X-Autoreply: yes\n")
simple("ooo_precedence", "Đã nhận thư.\n", extra="Precedence: auto_reply\n")
simple(
    "ooo_of_stranger",
    "Auto.\n",
    subject="Automatic reply: Máy giặt",
    reply=True,
    sender="la@stranger.test",
)
simple("program", "Bản sao lưu xong.\n", extra="Auto-Submitted: auto-generated\n")
simple(
    "subject_looks_automatic",
    "Chức năng trả lời tự động của máy bị lỗi.\n",
    subject="Trả lời tự động bị lỗi",
)

# ------------------------------------------------------------------ delivery reports

mail("dsn_postfix", dsn("dsn_postfix", "failed", AGENT_ID))
mail("dsn_delayed", dsn("dsn_delayed", "delayed", AGENT_ID))
mail(
    "dsn_unknown", dsn("dsn_unknown", "failed", "<somebody@elsewhere.test>", to=SUPPORT)
)
mail(
    "dsn_headers_only",
    dsn("dsn_headers_only", "failed", AGENT_ID, original="text/rfc822-headers"),
)
mail(
    "dsn_qmail",
    head(
        "dsn_qmail",
        sender="MAILER-DAEMON@mx.customer.test",
        to="bounce@care.example",
        subject="failure notice",
    ),
    "Return-Path: <>\n\nHi. This is the qmail-send program at mx.customer.test.\n\n<hung@customer.test>:\n"
    "<hung@customer.test>: 550 5.1.1 no mailbox here by that name\n\n--- Below this line is a copy of the message.\n\n"
    f"From: support-test@care.example\nMessage-ID: {AGENT_ID}\nSubject: x\n\nBody\n",
)
mail(
    "read_receipt",
    head(
        "read_receipt",
        subject="Read: Máy giặt",
        content_type="multipart/report; report-type=disposition-notification; boundary=b1",
    ),
    "\n",
    multipart(
        "b1",
        part("text/plain", "Your message was read.\n"),
        part(
            "message/disposition-notification",
            f"Original-Message-ID: {AGENT_ID}\nDisposition: manual-action/MDN-sent-manually; displayed\n",
        ),
    ),
)

# ------------------------------------------------------------------ attacks

mail(
    "xss_html",
    head("xss_html", content_type="text/html; charset=utf-8"),
    "Content-Transfer-Encoding: 8bit\n\n",
    '<p onclick="alert(1)">Xin chào</p><script>alert(2)</script><img src=x onerror=alert(3)>'
    '<a href="javascript:alert(4)">link</a><iframe src="//evil.test"></iframe><svg onload=alert(5)>'
    '<form action="//evil.test"><input name="p"></form><style>body{background:url(javascript:alert(6))}</style>\n',
)
simple(
    "xss_headers",
    "<script>alert(7)</script>\n",
    subject='<img src=x onerror=alert(8)>"><script>alert(9)</script>',
    sender='"<script>alert(10)</script>" <xss_headers@stranger.test>',
)
mail(
    "xss_file",
    head("xss_file", content_type="multipart/mixed; boundary=b1"),
    "\n",
    multipart(
        "b1",
        part("text/plain; charset=utf-8", "Tệp lạ.\n", "8bit"),
        part(
            "text/html; name=a.html",
            b64(b"<script>alert(11)</script>"),
            "base64",
            'attachment; filename="<b>a</b>.html"',
        ),
    ),
)
