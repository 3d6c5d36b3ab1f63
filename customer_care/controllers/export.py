"""Exports that no spreadsheet program runs as a formula.

Core's Excel export hands text to a writer that turns ``=HYPERLINK(…)`` into a live
formula, and its CSV export lets ``@SUM(…)`` and leading tabs pass. A subject typed by a
stranger must stay text. Being controllers of this addon, these overrides work only where
it is installed.
"""

from odoo.addons.web.controllers.export import (
    CSVExport,
    ExcelExport,
    ExportXlsxWriter,
    GroupExportXlsxWriter,
)

#: What spreadsheet programs take for the start of a formula, beyond core's = + -.
FORMULA_STARTS = ("@", "\t", "\r", "\n")


class TextCells:
    """Writer that writes every text as text, whatever it starts with."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.worksheet.add_write_handler(str, _write_text)


def _write_text(worksheet, row, column, value, *style):
    """Write one text; the empty one as xlsxwriter does, as a blank cell."""
    if not value:
        return None
    return worksheet.write_string(row, column, value, *style)


class CareXlsxWriter(TextCells, ExportXlsxWriter):
    pass


class CareGroupXlsxWriter(TextCells, GroupExportXlsxWriter):
    pass


class CareExcelExport(ExcelExport):
    def from_data(self, fields, columns_headers, rows):
        with CareXlsxWriter(fields, columns_headers, len(rows)) as writer:
            for row_index, row in enumerate(rows, start=1):
                for column, value in enumerate(row):
                    writer.write_cell(row_index, column, value)
        return writer.value

    def from_group_data(self, fields, columns_headers, groups):
        with CareGroupXlsxWriter(fields, columns_headers, groups.count) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value


class CareCsvExport(CSVExport):
    def from_data(self, fields, columns_headers, rows):
        safe_rows = [
            [
                f"'{value}"
                if isinstance(value, str) and value.startswith(FORMULA_STARTS)
                else value
                for value in row
            ]
            for row in rows
        ]
        return super().from_data(fields, columns_headers, safe_rows)
