"""Calls, consents and held back messages of the demo company, relative to today."""

from datetime import timedelta

from odoo import api, models

from ..lib.internal import INTERNAL
from . import plan

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

#: Customer, channel, yes or no, days ago, source, evidence in English and Vietnamese.
CONSENTS = (
    ("mai", "sms", True, 210, "counter", "Form at the till", "Phiếu tại quầy"),
    ("mai", "email", True, 210, "counter", "Form at the till", "Phiếu tại quầy"),
    ("hung", "sms", True, 160, "form", "Warranty card 0117", "Phiếu bảo hành 0117"),
    ("thao", "email", True, 95, "page", "Consent page", "Trang đồng ý nhận tin"),
    ("thao", "sms", False, 12, "link", "Link in a message", "Liên kết trong tin nhắn"),
    ("lan", "email", True, 300, "import", "List of the shop", "Danh sách cửa hàng"),
    ("lan", "zalo", True, 44, "hand", "Asked on the phone", "Đồng ý qua điện thoại"),
    ("ngoc", "sms", True, 300, "import", "List of the shop", "Danh sách cửa hàng"),
    ("ngoc", "sms", False, 5, "message", "Answered TC", "Trả lời TC"),
    ("kien", "sms", True, 30, "counter", "Form at the till", "Phiếu tại quầy"),
    ("huong", "email", True, 61, "form", "Contact form", "Biểu mẫu liên hệ"),
    ("linh", "sms", True, 20, "hand", "Asked in the shop", "Đồng ý tại cửa hàng"),
    ("anna", "email", True, 18, "page", "Consent page", "Trang đồng ý nhận tin"),
    ("cuong", "call", False, 70, "hand", "No calls, please", "Xin đừng gọi"),
)
#: Customer, channel, direction, state, hours ago, seconds, login, words.
CONTACTS = (
    ("mai", "call", "out", "done", 50, 260, "sales_1", "call_mai"),
    ("lan", "visit", "in", "done", 74, 1500, "sales_2", "visit_lan"),
    ("hung", "zalo", "in", "done", 26, None, "warranty_1", "zalo_hung"),
    ("suong", "call", "out", "missed", 7, None, "sales_1", ""),
    ("suong", "call", "out", "done", 5, 95, "sales_1", "call_suong"),
    ("cuong", "call", "out", "missed", 30, None, "claims_1", ""),
    ("binh", "call", "in", "done", 3, 180, "sales_3", "call_binh"),
    ("hai", "call", "out", "done", 120, 410, "claims_2", "call_hai"),
)
WORDS = {
    "call_mai": (
        "Asked how the filter works. Wants the second cartridge in spring.",
        "Hỏi thăm máy lọc chạy ra sao. Chị muốn thay lõi thứ hai vào mùa xuân.",
    ),
    "visit_lan": (
        "Tried the new kettle, took the leaflet home.",
        "Cô xem thử ấm siêu tốc mới, mang tờ giới thiệu về.",
    ),
    "zalo_hung": (
        "Sent a photo of the display: E2. Visit arranged.",
        "Anh gửi ảnh màn hình báo E2. Đã hẹn thợ qua.",
    ),
    "call_suong": (
        "Compares two washing machines, decides at the weekend.",
        "Đang so sánh hai máy giặt, cuối tuần quyết định.",
    ),
    "call_binh": (
        "Asked for the price of delivery to Nha Trang.",
        "Hỏi phí giao hàng đi Nha Trang.",
    ),
    "call_hai": (
        "Was angry about the late delivery; thanked us for calling.",
        "Bực vì giao trễ; cảm ơn vì đã gọi lại.",
    ),
}
#: Customer, channel, purpose, reason, hours ago, hours until it is tried again.
HELD_BACK = (
    ("thao", "sms", "promotion", "withdrawn", 30, None),
    ("ngoc", "sms", "promotion", "withdrawn", 30, None),
    ("minh", "sms", "promotion", "no_consent", 30, None),
    ("tuan", "sms", "promotion", "no_consent", 30, None),
    ("hoa", "email", "promotion", "no_consent", 29, None),
    ("linh", "sms", "promotion", "quiet_hours", 11, 8),
    ("kien", "sms", "promotion", "cap", 6, 20),
    ("cuong", "call", "care", "withdrawn", 70, None),
)


class CareDemo(models.AbstractModel):
    _inherit = "care.demo"

    @api.model
    def _load_contacts(self):
        """Write consents and contacts; does nothing where there are contacts."""
        company = self.env.ref("customer_care.demo_company")
        logs = self.env["care.contact.log"]
        if logs.search_count([("company_id", "=", company.id)], limit=1):
            return
        demo = self.with_context(
            allowed_company_ids=company.ids, care_silent=INTERNAL
        ).with_company(company)
        now = demo.env.cr.now().replace(microsecond=0)
        vietnamese = bool(demo.env["res.lang"]._lang_get("vi_VN"))
        demo._tell_consents(company, now, vietnamese)
        demo.env["care.contact.log"]._log(
            [
                *demo._prepare_contacts(company, now, vietnamese),
                *demo._prepare_held_back(company, now),
            ]
        )
        names = {row[0] for row in (*CONTACTS, *HELD_BACK)}
        people = demo.env["res.partner"].union(
            *(plan.customer(demo.env, name) for name in sorted(names))
        )
        demo.env["care.touch"]._look_at(people.commercial_partner_id, silent=True)
        while any(demo.env["care.touch"]._take()):  # all of it is known now
            continue

    @api.model
    def _tell_consents(self, company, now, vietnamese):
        for name, channel, granted, days, source, english, words in CONSENTS:
            plan.customer(self.env, name)._care_set_consent(
                channel,
                "promotion",
                granted,
                source,
                words if vietnamese else english,
                company=company,
                on=now - days * DAY,
            )

    @api.model
    def _prepare_contacts(self, company, now, vietnamese):
        return [
            {
                "partner_id": plan.customer(self.env, name).id,
                "company_id": company.id,
                "channel": channel,
                "direction": direction,
                "state": state,
                "on": now - hours * HOUR,
                "duration": seconds,
                "user_id": self.env.ref(f"customer_care.demo_user_{login}").id,
                "summary": WORDS[words][vietnamese] if words else False,
                "is_by_hand": True,
            }
            for name, channel, direction, state, hours, seconds, login, words in CONTACTS
        ]

    @api.model
    def _prepare_held_back(self, company, now):
        gate, rows = self.env["care.gate"], []
        for name, channel, purpose, reason, hours, until in HELD_BACK:
            partner = plan.customer(self.env, name)
            found = gate._decide(
                company, channel, "transactional", partner, reserve=False
            )
            rows.append(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "channel": channel,
                    "purpose": purpose,
                    "state": "postponed" if until else "refused",
                    "reason": reason,
                    "on": now - hours * HOUR,
                    "until": until and now - hours * HOUR + until * HOUR,
                    "address": found[partner.id].address,
                }
            )
        return rows
