"""Text messages with what Odoo shows and tracks of them; the SMS queue sends them."""

from typing import NamedTuple


class TextPost(NamedTuple):
    """One text message: under which record it stands, to whom, and with which words.

    ``shown`` is what our own people read; ``text`` is what is sent.
    """

    record: object
    partner: object
    number: str
    shown: str
    text: str


def create_texts(env, company, posts):
    """Create the messages, their SMS, notifications and trackers.

    :param company: ``res.company`` that writes
    :param list[TextPost] posts: what is sent
    :return: ``mail.message`` records, in the order of ``posts``
    """
    messages = env["mail.message"].create(
        [
            {
                "body": post.shown,
                "message_type": "sms",
                "model": post.record._name,
                "res_id": post.record.id,
                "author_id": company.partner_id.id,
                "record_company_id": company.id,
                "is_internal": True,
            }
            for post in posts
        ]
    )
    texts = env["sms.sms"].create(
        [
            {
                "number": post.number,
                "body": post.text,
                "partner_id": post.partner.id,
                "mail_message_id": message.id,
            }
            for message, post in zip(messages, posts, strict=True)
        ]
    )
    notifications = env["mail.notification"].create(
        [
            {
                "author_id": company.partner_id.id,
                "mail_message_id": message.id,
                "res_partner_id": post.partner.id,
                "sms_number": text.number,
                "sms_id_int": text.id,
                "notification_type": "sms",
                "notification_status": "ready",
                "is_read": True,
            }
            for message, text, post in zip(messages, texts, posts, strict=True)
        ]
    )
    env["sms.tracker"].create(
        [
            {"sms_uuid": text.uuid, "mail_notification_id": notification.id}
            for text, notification in zip(texts, notifications, strict=True)
        ]
    )
    return messages
