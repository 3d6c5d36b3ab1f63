import io
import zipfile
from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...lib import table_file
from .common import NOW, IntakeCommon


@tagged("post_install", "-at_install")
class TestCareImportBadInput(IntakeCommon):
    """A file with whatever in it: a clear error, or a defined result."""

    def _refused(self, content, words):
        before = self.partners.search_count([])
        with self.assertRaisesRegex(UserError, words):
            self._import(content)
        self.assertEqual(self.partners.search_count([]), before)

    # --------------------------------------------------------------------- files
    def test_what_is_no_table(self):
        for content, words in (
            (b"", "The file is empty"),
            (b"\n\n  \n", "The file is empty"),
            (b"%PDF-1.7 something", "neither a CSV nor an Excel file"),
            (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "neither a CSV nor an Excel"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "old Excel file"),
            (b"PK\x03\x04 not a zip", "damaged"),
            (b"phone\n", "The file is empty"),
        ):
            with self.subTest(content=content[:20]):
                self._refused(content, words)

    def test_other_zip_and_damaged_workbook(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as parts:
            parts.writestr("word/document.xml", "<x/>")
        self._refused(out.getvalue(), "neither a CSV nor an Excel file")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as parts:
            parts.writestr("xl/workbook.xml", "<broken")
        self._refused(out.getvalue(), "damaged")

    def test_workbook_that_unpacks_to_too_much(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr("xl/workbook.xml", "<workbook/>")
            parts.writestr("xl/sharedStrings.xml", b" " * (table_file.MAX_SHARED + 1))
        self.assertLess(len(out.getvalue()), 1_000_000)
        self._refused(out.getvalue(), "too big")

    def test_workbook_with_entities(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as parts:
            parts.writestr(
                "xl/workbook.xml",
                '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook/>',
            )
        self._refused(out.getvalue(), "neither a CSV nor an Excel file")

    def test_giant_cells(self):
        """10 MB in one cell: the row is named, nothing is taken in."""
        giant = "x" * 10_000_000
        sentence = "Row 3 has a cell of 10000000 characters; at most 10000"
        for content in (
            f"phone,name\n0887000040,a\n0887000041,{giant}\n",
            f'phone,name\n0887000040,a\n0887000041,"{giant}"\n',
        ):
            batch = self._send(content)
            self.assertEqual(batch.state, "reading", "big files are read by the job")
            with self.assertRaises(table_file.TableError) as caught:
                self._run(batch)
            with patch.object(type(batch), "_commit"):
                batch._fail(caught.exception)
            self.assertEqual(batch.state, "failed")
            self.assertRegex(batch.error, sentence)
            self.assertFalse(batch.line_ids)
            with self.assertRaises(UserError):
                batch.action_start()

    def test_quotation_mark_that_is_not_closed(self):
        rows = "".join(f"08870000{number},x\n" for number in range(42, 99)) * 200
        self._refused(f'phone,name\n0887000041,"Mai\n{rows}', "quotation mark")

    def test_giant_cell_of_a_sheet(self):
        book = self._sheet(["SĐT", "Tên"], ["0887000040", "x" * 32_000])
        self._refused(book, "Row 2 has a cell of 32000 characters")

    # ------------------------------------------------------------------- columns
    def test_wrong_columns(self):
        for content, words in (
            (
                "color,size\nred,5\nblue,6\n",
                "No column holds a phone number or an e-mail",
            ),
            (
                "phone,amount\n0887000040,10\n",
                "A purchase needs its day and its amount",
            ),
            ("phone,date\n0887000040,2025-01-01\n", "A purchase needs its day"),
            (
                "phone,date,amount,total spent\n0887000040,2025-01-01,1,2\n",
                "would count twice",
            ),
        ):
            with self.subTest(words=words):
                self._refused(content, words)
        batch = self._send("phone,mobile\n0887000040,0887000041\n")
        batch.column_ids.role = "phone"
        with self.assertRaisesRegex(
            UserError, "More than one column is taken as “Phone”"
        ):
            batch.action_start()
        batch = self._send("phone,total spent\n0887000040,5\n")
        batch.opening_on = False
        with self.assertRaisesRegex(UserError, "until which day"):
            batch.action_start()

    def test_headings_below_a_title_and_none_at_all(self):
        batch = self._send(
            "Báo cáo khách hàng;;\n;;\nSTT;Điện thoại;Tên KH\n1;0887000040;Mai\n"
        )
        self.assertEqual(self._roles(batch), ["", "phone", "name"])
        self.assertEqual(batch.line_ids.mapped("row"), [4])
        batch = self._send("Mai Lê,0887000040,5/3/2025,mai@nhap.test,150000\n")
        self.assertEqual(
            self._roles(batch), ["name", "phone", "day", "email", "amount"]
        )
        self.assertEqual(
            batch.column_ids.mapped("heading")[:2], ["Column A", "Column B"]
        )
        self.assertEqual(batch.line_count, 1)

    def test_a_heading_that_its_column_contradicts(self):
        rows = "".join(f"{number},088700005{number}\n" for number in range(9))
        batch = self._send(f"phone,x\n{rows}")
        self.assertEqual(self._roles(batch), ["", "phone"])

    def test_ragged_and_empty_lines(self):
        with self._at(NOW):
            batch = self._import(
                "phone,name\n\n0887000060\n,,,\n0887000061,B,too,much\n   \n"
            )
        self.assertEqual(batch.line_ids.mapped("row"), [3, 5])
        self.assertEqual(batch.created_count, 2)
        self.assertEqual(self._by_phone("0887000060").name, "0887000060")

    # ----------------------------------------------------------------- encodings
    def test_encodings(self):
        text = "Họ tên;SĐT\nNguyễn Thị Hồng Ánh;0887000062\n"
        # windows-1258 writes the tone apart from the letter
        windows = text.encode("utf-8").decode().translate({})
        for encoding, data in (
            ("utf-8", text.encode("utf-8")),
            ("utf-8-sig", text.encode("utf-8-sig")),
            ("utf-16", text.encode("utf-16")),
            ("utf-16-le", text.encode("utf-16-le")),
            ("utf-16-be", text.encode("utf-16-be")),
            ("windows-1258", self._as_windows(windows)),
        ):
            with self.subTest(encoding=encoding):
                batch = self._send(data)
                self.assertIn(
                    f" {encoding.upper().removesuffix('-SIG')},", batch.file_note
                )
                self.assertEqual(self._roles(batch), ["name", "phone"])
                self.assertEqual(
                    batch.line_ids.cells, ["Nguyễn Thị Hồng Ánh", "0887000062"]
                )

    def _as_windows(self, text):
        """Encode in windows-1258: letters composed, tone marks apart."""
        apart = {
            "ễ": "ê\u0303",
            "ị": "i\u0323",
            "ồ": "ô\u0300",
            "ọ": "o\u0323",
            "Á": "A\u0301",
            "Đ": "Đ",
        }
        return "".join(apart.get(letter, letter) for letter in text).encode("cp1258")

    # ----------------------------------------------------------------- days
    def _days(self, *cells, order=None):
        """Row → day or reason, of a column of these cells."""
        rows = "".join(f"08870001{n:02d};{cell};5\n" for n, cell in enumerate(cells))
        with self._at(NOW):
            batch = self._send(f"phone;Ngày mua;amount\n{rows}")
            column = batch.column_ids.filtered(lambda column: column.role == "day")
            if order:
                column.date_order = order
            self._take_in(batch)
        reasons = self._reasons(batch)
        result = []
        for line in batch.line_ids.sorted("row"):
            days = self.purchases.search([("partner_id", "=", line.partner_id.id)])
            result.append(reasons.get(line.row) or str(days.day))
            days.unlink()
        return column.date_order, result

    def test_one_order_in_the_whole_column(self):
        self.assertEqual(
            self._days("03/04/2025", "25/04/2025", "1-5-24", "2025-06-01 10:30"),
            ("dmy", ["2025-04-03", "2025-04-25", "2024-05-01", "2025-06-01"]),
        )
        self.assertEqual(
            self._days("03/04/2025", "04/25/2025"),
            ("mdy", ["2025-03-04", "2025-04-25"]),
        )

    def test_mixed_days_are_left_out_and_never_turned_round(self):
        self.assertEqual(
            self._days("03/04/2025", "25/04/2025", "04/25/2025", "07/07/2025"),
            ("mixed", ["date_mixed", "2025-04-25", "2025-04-25", "2025-07-07"]),
        )

    def test_somebody_says_the_order(self):
        self.assertEqual(
            self._days("03/04/2025", "25/04/2025", "04/25/2025", order="dmy"),
            ("dmy", ["2025-04-03", "2025-04-25", "date_order"]),
        )

    def test_days_that_are_none(self):
        cells = (
            "31/02/2025",
            "29/02/2024",
            "45123",
            "20250305",
            "soon",
            "",
            "1/1/2030",
        )
        self.assertEqual(
            self._days(*cells)[1],
            [
                "date",
                "2024-02-29",
                "2023-07-16",
                "2025-03-05",
                "date",
                "no_day",
                "future",
            ],
        )

    # -------------------------------------------------------------------- sheets
    def test_sheet_with_figures_dates_and_formulas(self):
        """Phones lose their zero, days are days, formulas are their stored result."""
        from datetime import datetime

        book = self._sheet(
            ["Họ tên", "SĐT", "Ngày mua", "Tổng tiền"],
            ["Mai", 887000063, datetime(2025, 3, 5), 1250000],
            ["=1+1", "0887000064", 45356, 99.5],
            ["Lan", "0887000065", "06/03/2025", "=SUM(D2:D3)"],
        )
        with self._at(NOW):
            batch = self._import(book)
        mai = self._by_phone("0887000063")
        self.assertEqual(self._bought(mai), [("2025-03-05", 1250000, "")])
        # openpyxl stores no result with a formula: the cell is empty
        other = self._by_phone("0887000064")
        self.assertEqual(other.name, "0887000064")
        digits = self.company.currency_id.decimal_places
        self.assertEqual(
            self._bought(other), [("2024-03-05", 99.5 if digits else 100, "")]
        )
        self.assertEqual(self._reasons(batch), {4: "no_amount"})

    def test_first_sheet_with_something_on_it(self):
        from openpyxl import Workbook

        book = Workbook()
        book.active.title = "Trống"
        book.create_sheet("Khách").append(["SĐT"])
        book["Khách"].append(["0887000066"])
        book.create_sheet("Khác").append(["x"])
        book.create_sheet("Ẩn").append(["x"])
        book["Ẩn"].sheet_state = "hidden"
        out = io.BytesIO()
        book.save(out)
        batch = self._send(out.getvalue(), name="khach.xlsx")
        self.assertEqual(batch.line_count, 1)
        self.assertIn("“Khách”", batch.file_note)
        self.assertIn("Khác", batch.file_note)
        self.assertNotIn("Ẩn", batch.file_note)

    # --------------------------------------------------------------------- cells
    def _dong(self, amount):
        """What so many đồng are in the company, by Odoo's rate of the day of purchase."""
        dong = self.env.ref("base.VND")
        currency = self.company.currency_id
        if currency != dong and not dong.active:
            return "currency"
        return dong._convert(amount, currency, self.company, date(2025, 3, 5))

    def test_amounts(self):
        """As their column writes them; what can be read in two ways is left out."""
        cents = self.company.currency_id.decimal_places
        for cells, expected in (
            (("1.234.567", "1.500"), [1234567, 1500]),
            (("1,234,567", "1,500"), [1234567, 1500]),
            (("1234567", "500k", "1,5tr"), [1234567, 500000, 1500000]),
            (("1234567 đ",), [self._dong(1234567)]),
            (("1.234.567", "1,234,567", "1.500"), [1234567, 1234567, "amount_mixed"]),
            (("1.234.567", "12.75"), [1234567, 12.75 if cents else 13]),
            (("1tr5", "abc", "1.23.4"), ["amount", "amount", "amount"]),
            (("99999999999999999", ""), ["amount_huge", "no_amount"]),
        ):
            rows = "".join(
                f"08870002{n:02d};05/03/2025;{cell}\n" for n, cell in enumerate(cells)
            )
            with self.subTest(cells=cells), self._at(NOW):
                batch = self._send(f"phone;date;amount\n{rows}")
                self._take_in(batch)
                reasons = self._reasons(batch)
                result = []
                for line in batch.line_ids.sorted("row"):
                    bought = self.purchases.search(
                        [("partner_id", "=", line.partner_id.id)]
                    )
                    result.append(reasons.get(line.row) or bought.amount)
                    bought.unlink()
                self.assertEqual(result, expected)

    def test_phones_and_emails(self):
        with self._at(NOW):
            batch = self._import(
                "phone,email\n"
                "12,\n"
                ",not an address\n"
                ",\n"
                "12,p67@nhap.test\n"
                "0887000068,nope\n"
                "0000000000,\n"
                "8.87E+08,\n"
                "0887.000.069/0912.000.000,\n"
            )
        # the line without anything on it is no line
        self.assertEqual(
            self._reasons(batch),
            {2: "bad_phone", 3: "bad_email", 7: "bad_phone", 8: "bad_phone"},
        )
        notes = {line.row: line.note for line in batch.line_ids if line.note}
        self.assertEqual({row: notes[row] for row in (5, 6)}, {5: "phone", 6: "email"})
        self.assertTrue(self._by_phone("0887000069"))

    def test_control_characters_and_markup_are_text(self):
        with self._at(NOW):
            self._import("phone,name\n0887000070,<script>x</script>\x00\x07 Mai\n")
        self.assertEqual(self._by_phone("0887000070").name, "<script>x</script> Mai")
