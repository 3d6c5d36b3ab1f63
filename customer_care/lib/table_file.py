r"""Tables that people drop: CSV of any usual kind, and XLSX, read row by row.

A file is kept in memory as the bytes it is; rows are made one at a time. Nothing in it
is ever evaluated: of a formula the stored result is read, and in a CSV it is text.

>>> table = open_table("Họ tên;SĐT\nMai;0912\n".encode("utf-16"))
>>> table.encoding, table.delimiter, list(table.rows())
('utf-16', ';', [(1, ['Họ tên', 'SĐT']), (2, ['Mai', '0912'])])
"""

import codecs
import csv
import io
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from openpyxl import load_workbook

from .plain_text import clean_line

MAX_BYTES = 50 * 1024 * 1024
#: What the parts of an XLSX may hold once unpacked, and its texts alone.
MAX_UNPACKED = 400 * 1024 * 1024
MAX_SHARED = 80 * 1024 * 1024
MAX_CELL = 10_000  # characters
MAX_COLUMNS = 60
MAX_ROW = 1_048_576  # the last row of a sheet
#: What a cell is once read: text, or a number of a sheet.
Cell = str | int | float

_DELIMITERS = ";,\t|"
_SAMPLE = 64 * 1024
_CHUNK = 1024 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_FORMULA_STARTS = "=+-@"


class TableError(Exception):
    """A file that cannot be taken; ``code`` and ``values`` say why.

    ============= ==========================================================
    empty         nothing in it
    too_big       more than ``limit`` MB, as it is or unpacked
    old_excel     an XLS, or protected by a password
    not_table     neither CSV nor XLSX
    broken        an XLSX that cannot be read to its end
    long_cell     a cell of ``size`` characters on ``row``; ``limit`` are taken
    too_many_rows beyond row ``limit``
    ============= ==========================================================
    """

    def __init__(self, code: str, **values: object):
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read as a table, as often as wanted."""

    raw: bytes
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()

    def rows(self, after: int = 0) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (row of the file, cells) of rows with anything in them.

        :param after: rows up to this one are passed over
        """
        rows = self._sheet_rows() if self.sheet else self._text_rows()
        for number, values in rows:
            if number > MAX_ROW:
                raise TableError("too_many_rows", limit=MAX_ROW)
            if number <= after:
                continue
            cells = [_clean(value, number) for value in values[:MAX_COLUMNS]]
            while cells and cells[-1] == "":
                cells.pop()
            if cells:
                yield number, cells

    def _text_rows(self):
        stream = io.TextIOWrapper(
            io.BytesIO(self.raw), self.encoding, errors="replace", newline=""
        )
        reader = csv.reader(stream, delimiter=self.delimiter)
        before = 0
        try:
            for values in reader:
                if before or not _says_delimiter(values):
                    yield before + 1, values
                before = reader.line_num
        except csv.Error as error:
            raise TableError(
                "long_cell",
                row=before + 1,
                size=csv.field_size_limit(),
                limit=MAX_CELL,
            ) from error

    def _sheet_rows(self):
        book = _load(self.raw)
        try:
            sheet = book[self.sheet]
            sheet.reset_dimensions()
            yield from enumerate(
                sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 1
            )
        except TableError:
            raise
        except Exception as error:
            raise TableError("broken") from error
        finally:
            book.close()


def open_table(raw: bytes) -> Table:
    """Return the table that these bytes are, told by content alone.

    :raises TableError: it is none, or too big

    >>> open_table(b"%PDF-1.7 ...")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    TableError: not_table
    """
    if not raw.strip():
        raise TableError("empty")
    if len(raw) > MAX_BYTES:
        raise TableError("too_big", limit=MAX_BYTES // 1024 // 1024)
    if raw.startswith(_OLD_OFFICE):
        raise TableError("old_excel")
    if raw.startswith(b"PK\x03\x04"):
        return _open_sheets(raw)
    encoding = guess_encoding(raw)
    sample = _sample(raw, encoding)
    if raw.startswith((b"%PDF", b"{\\rtf")) or _is_binary(sample):
        raise TableError("not_table")
    return Table(raw, encoding=encoding, delimiter=guess_delimiter(sample))


def guess_encoding(raw: bytes) -> str:
    """Return the encoding of a text: by its mark, by its zeros, UTF-8, else Vietnamese.

    >>> guess_encoding("Chị".encode("utf-8-sig")), guess_encoding("Chị".encode())
    ('utf-8-sig', 'utf-8')
    >>> guess_encoding("Mai;0912".encode("utf-16-le")), guess_encoding(b"H\\xf2\\xcc")
    ('utf-16-le', 'windows-1258')
    """
    if raw.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = raw[:4096]
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > 0.3 * half:
        return "utf-16-le"
    if head[0::2].count(0) > 0.3 * half:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(raw), _CHUNK):
            decoder.decode(raw[start : start + _CHUNK], start + _CHUNK >= len(raw))
    except UnicodeDecodeError:
        return "windows-1258"
    return "utf-8"


def guess_delimiter(sample: str) -> str:
    r"""Return what separates the cells: what cuts the rows most evenly.

    >>> guess_delimiter("a;b;c\n1,5;2;3\n1,2;2;3\n"), guess_delimiter("a\tb\n1,2\t3")
    (';', '\t')
    >>> guess_delimiter("sep=|\na|b"), guess_delimiter('x,y\n"1;2;3",4\n')
    ('|', ',')
    """
    lines = sample.splitlines(keepends=True)
    if lines and _says_delimiter([lines[0].strip()]):
        return lines[0].strip()[4]
    best, best_score = ",", (False, 0.0)
    for delimiter in _DELIMITERS:
        widths = []
        for row in csv.reader(lines, delimiter=delimiter):
            if any(row):
                widths.append(len(row))
            if len(widths) == 50:
                break
        if not widths:
            continue
        width, count = Counter(widths).most_common(1)[0]
        share = count / len(widths)
        score = (width > 1 and share >= 0.6, (width - 1) * share)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _says_delimiter(values: list[str]) -> bool:
    """Excel writes ``sep=;`` on the first line, or reads it there."""
    first = values[0].lower() if values else ""
    return first.startswith("sep=") and len(first) <= 5 and len(values) <= 2


def _sample(raw: bytes, encoding: str) -> str:
    """Return the beginning of a text, whole lines where there are several."""
    text = codecs.getincrementaldecoder(encoding)("replace").decode(raw[:_SAMPLE])
    if len(raw) > _SAMPLE and "\n" in text:
        text = text.rpartition("\n")[0]
    return text


def _is_binary(sample: str) -> bool:
    """Tell by the control characters, of which texts have hardly any."""
    control = sum(
        unicodedata.category(character) == "Cc" and character not in "\t\r\n\f"
        for character in sample[:4096]
    )
    return control > max(8, 0.02 * len(sample[:4096]))


def _open_sheets(raw: bytes) -> Table:
    """Return the first sheet with anything on it, after a look at the parts."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as parts:
            _check_parts(parts)
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise TableError("broken") from error
    book = _load(raw)
    try:
        sheets = [
            sheet
            for sheet in book.worksheets
            if sheet.sheet_state == "visible" and _has_rows(sheet)
        ]
    finally:
        book.close()
    if not sheets:
        raise TableError("empty")
    names = [sheet.title for sheet in sheets]
    return Table(raw, sheet=names[0], other_sheets=tuple(names[1:]))


def _check_parts(parts: zipfile.ZipFile) -> None:
    """Refuse what is no workbook, unpacks to too much, or declares entities."""
    sizes = {info.filename: info.file_size for info in parts.infolist()}
    if "xl/workbook.xml" not in sizes:
        raise TableError("not_table")
    shared = sizes.get("xl/sharedStrings.xml", 0)
    if sum(sizes.values()) > MAX_UNPACKED or shared > MAX_SHARED:
        raise TableError("too_big", limit=MAX_UNPACKED // 1024 // 1024)
    for name in sizes:
        if name.endswith((".xml", ".rels")):
            with parts.open(name) as part:
                if b"<!" in part.read(1024).replace(b"<!--", b""):
                    raise TableError("not_table")


def _load(raw: bytes):
    try:
        return load_workbook(
            io.BytesIO(raw), read_only=True, data_only=True, keep_links=False
        )
    except Exception as error:
        raise TableError("broken") from error


def _has_rows(sheet) -> bool:
    try:
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=100, max_col=MAX_COLUMNS, values_only=True)
        return any(value is not None for row in rows for value in row)
    except Exception as error:
        raise TableError("broken") from error


def _clean(value: object, row: int) -> Cell:
    """Return a cell as text or number; days as ``YYYY-MM-DD``, whatever their format."""
    if value is None:
        return ""
    if isinstance(value, str):
        if len(value) > MAX_CELL:
            raise TableError("long_cell", row=row, size=len(value), limit=MAX_CELL)
        return clean_text(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        bare = value.time() == time()
        return value.date().isoformat() if bare else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return clean_text(str(value))


def clean_text(text: str) -> str:
    """Return the text of a cell: one line, no control characters, composed letters.

    An apostrophe that keeps a spreadsheet from calculating is taken off.

    >>> clean_text(" Nguyễn\\n Mai\\x00 "), clean_text("'+84 912"), clean_text("'quoted'")
    ('Nguyễn Mai', '+84 912', "'quoted'")
    """
    text = text.strip()
    if not text.isprintable() or "  " in text:
        text = clean_line(text)
    if text[:1] == "'" and text[1:2] and text[1] in _FORMULA_STARTS:
        text = text[1:]
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def as_text(cell: object) -> str:
    """Return a cell as a person reads it.

    >>> as_text(912345678), as_text(1.5), as_text("Mai"), as_text(None)
    ('912345678', '1.5', 'Mai', '')
    """
    return "" if cell is None else str(cell)


def keep_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> keep_text("=1+1"), keep_text("-5"), keep_text("Mai"), keep_text("\\t=1")
    ("'=1+1", "'-5", 'Mai', "'\\t=1")
    """
    return f"'{text}" if text[:1] and text[0] in "=+-@\t\r\n" else text
