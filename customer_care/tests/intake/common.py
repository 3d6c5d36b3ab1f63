"""Files of customers, and what became of their lines."""

import base64
import io
from datetime import date

from openpyxl import Workbook

from ..customer.test_care_profile import ProfileCommon

NOW = "2026-06-15 05:00"
TODAY = date(2026, 6, 15)
#: Tables of which an import must not touch a row.
OUTBOX = (
    "mail_message",
    "mail_mail",
    "mail_notification",
    "mail_activity",
    "sms_sms",
    "mail_followers",
)


class Killed(BaseException):
    """The worker died here: nothing after it runs, not even the handling of errors."""


class IntakeCommon(ProfileCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.imports = cls.env["care.import"]
        cls.lines = cls.env["care.import.line"]
        cls.purchases = cls.env["care.purchase"]
        cls.partners = cls.env["res.partner"]
        cls.company.country_id = cls.env.ref("base.vn")
        # nobody in the world has the numbers and addresses of these tests
        strangers = [
            "|",
            ("care_phone_digits", "like", "8870000"),
            ("email", "ilike", "@nhap.test"),
        ]
        cls.partners.with_context(active_test=False).search(strangers).write(
            {"phone": False, "email": False}
        )

    def _send(self, content, name="khach.csv", user=None, **values):
        """Drop a file, as a care manager does; return the import."""
        if isinstance(content, str):
            content = content.encode()
        batch = self.imports.with_user(user or self.user_manager).create(
            {"file": base64.b64encode(content), "name": name, **values}
        )
        return batch.sudo()

    def _import(self, content, **values):
        """Drop a file and take it in, every line of it."""
        batch = self._send(content, **values)
        self._take_in(batch)
        return batch

    def _take_in(self, batch):
        batch.with_user(self.user_manager).action_start()
        self._run(batch)
        return batch

    def _run(self, batch):
        """Do what the job does, in the transaction of the test."""
        batch._as_system()._work(lambda size: True)
        batch.invalidate_recordset()

    def _sheet(self, *rows, title="Khách hàng"):
        """Return the bytes of a workbook with one sheet."""
        book = Workbook()
        sheet = book.active
        sheet.title = title
        for row in rows:
            sheet.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    def _by_phone(self, digits):
        return self.partners.search([("care_phone_digits", "=", digits)])

    def _roles(self, batch):
        return [column.role or "" for column in batch.column_ids.sorted("place")]

    def _reasons(self, batch):
        """Row → why it was left out."""
        lines = self.lines.search(
            [("import_id", "=", batch.id), ("state", "=", "out")], order="row"
        )
        return {line.row: line.reason for line in lines}

    def _bought(self, partner):
        """(day, amount, number) of the imported purchases of somebody."""
        found = self.purchases.search(
            [("partner_id", "=", partner.id)], order="day, id"
        )
        return [
            (str(purchase.day), purchase.amount, purchase.reference or "")
            for purchase in found
        ]

    def _outbox(self):
        """How many rows stand where something would be sent, and how many events."""
        self.env.flush_all()
        counts = {}
        for table in OUTBOX:
            self.env.cr.execute(f"SELECT COUNT(*) FROM {table}")
            counts[table] = self.env.cr.fetchone()[0]
        for table in ("care_segment_event", "care_stage_change"):
            self.env.cr.execute(f"SELECT COUNT(*) FROM {table} WHERE NOT initial")
            counts[table] = self.env.cr.fetchone()[0]
        return counts
