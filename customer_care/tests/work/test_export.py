import csv
import io
import json

from openpyxl import load_workbook

from odoo import http
from odoo.tests import HttpCase, tagged

from ..common import CareCommon

FORMULA = '=HYPERLINK("http://evil.test","Mở")'


@tagged("post_install", "-at_install")
class TestExport(CareCommon, HttpCase):
    def _export(self, kind, domain, groupby=()):
        self.authenticate("care_admin", "care_admin")
        data = {
            "model": "care.ticket",
            "fields": [
                {"name": "name", "label": "Subject", "type": "char"},
                {"name": "reply_count", "label": "Replies", "type": "integer"},
            ],
            "ids": False,
            "domain": domain,
            "groupby": list(groupby),
            "context": {},
            "import_compat": False,
        }
        self.user_admin.group_ids |= self.env.ref("base.group_allow_export")
        response = self.url_open(
            f"/web/export/{kind}",
            data={
                "data": json.dumps(data),
                "csrf_token": http.Request.csrf_token(self),
            },
        )
        self.assertEqual(response.status_code, 200, response.text[:500])
        return response.content

    def test_excel_keeps_text_as_text(self):
        for groupby in ((), ("stage_id",)):
            ticket = self._create_ticket(name=FORMULA)
            content = self._export("xlsx", [("id", "=", ticket.id)], groupby)
            sheet = load_workbook(io.BytesIO(content)).active
            cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
            found = [cell for cell in cells if cell.value == FORMULA]
            self.assertEqual([cell.data_type for cell in found], ["s"])
            self.assertFalse([cell for cell in cells if cell.data_type == "f"])

    def test_csv_disarms_every_start_of_a_formula(self):
        starts = ["=1+1", "+1", "-1", "@SUM(1)", "\t=1"]
        tickets = self.env["care.ticket"]
        for start in starts:
            tickets |= self._create_ticket(name=start)
        self.env.flush_all()
        content = self._export("csv", [("id", "in", tickets.ids)]).decode()
        rows = list(csv.reader(io.StringIO(content)))[1:]
        self.assertEqual(len(rows), len(starts))
        for row in rows:
            self.assertTrue(row[0].startswith("'"), row)
