"""What one line of a table says: a person, and perhaps what he bought.

A line that cannot be read for sure is left out with a reason. What is of no weight (a
birthday, a second way to reach the person) is passed over with a note instead.

>>> reader = LineReader(["name", "phone", "day", "amount"], today=date(2024, 6, 1))
>>> line = reader.understand(["Mai", "0912 345 678", "03/04/2024", "1.250.000"])
>>> line.data["phone_key"], line.data["day"], line.data["amount"], line.reason
('912345678', '2024-04-03', '1250000', '')
>>> reader.understand(["Mai", "0912 345 678", "", "1.250.000"]).reason
'no_day'
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .table_file import Cell, as_text
from .table_value import (
    Unread,
    read_amount,
    read_count,
    read_date,
    read_email,
    read_phone,
)

MAX_NAME = 200
MAX_REFERENCE = 100
FIRST_YEAR = 1950  # earlier purchases are typing errors
FIRST_BIRTH = 1900


@dataclass(slots=True)
class Line:
    """A line as it was read; ``reason`` says why it is left out."""

    data: dict[str, object] = field(default_factory=dict)
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class LineReader:
    """Reads the lines of one file.

    ``roles``, ``orders`` and ``styles`` are those of its columns (see table_guess.py),
    ``today`` the day after which nothing was bought, ``opening_on`` the day of sums
    whose line names none, ``decimals`` those of the company's currency.
    """

    roles: list[str]
    today: date
    orders: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    country_code: int = 84
    opening_on: date | None = None
    decimals: int = 0

    def understand(self, cells: list[Cell]) -> Line:
        """Return what a line says."""
        line = Line()
        try:
            self._read_person(cells, line)
            self._read_purchase(cells, line)
        except Unread as error:
            line.reason = error.code
        return line

    def _find(self, cells: list[Cell], role: str) -> tuple[Cell, str, str]:
        """Return the cell of a role, and how its column writes days and amounts."""
        if role not in self.roles:
            return "", "", ""
        place = self.roles.index(role)
        return (
            cells[place] if place < len(cells) else "",
            self.orders[place] if place < len(self.orders) else "dmy",
            self.styles[place] if place < len(self.styles) else "",
        )

    def _day(self, cells: list[Cell], role: str) -> date | None:
        cell, order, _style = self._find(cells, role)
        return None if cell == "" else read_date(cell, order or "dmy")

    def _amount(self, cells: list[Cell], role: str) -> tuple[Decimal | None, str]:
        cell, _order, style = self._find(cells, role)
        return (None, "") if cell == "" else read_amount(cell, style)

    def _text(self, cells: list[Cell], role: str, limit: int = MAX_NAME) -> str:
        return as_text(self._find(cells, role)[0])[:limit].strip()

    # ---------------------------------------------------------------- person
    def _read_person(self, cells: list[Cell], line: Line) -> None:
        phone, email = self._find(cells, "phone")[0], self._find(cells, "email")[0]
        data = line.data
        if phone != "":
            try:
                data["phone"], data["phone_key"] = read_phone(phone, self.country_code)
            except Unread:
                line.note = "phone"
        if email != "":
            try:
                data["email"] = read_email(email)
            except Unread:
                line.note = "email"
        if not data:
            raise Unread(f"bad_{line.note}" if line.note else "no_contact")
        name = self._text(cells, "name")
        data["name"] = name or data.get("phone") or data["email"]
        for role in ("street", "city", "ref"):
            if text := self._text(cells, role):
                data[role] = text
        try:
            born = self._day(cells, "birthday")
            if born and not FIRST_BIRTH <= born.year <= self.today.year:
                raise Unread("date")
            if born:
                data["birthday"] = born.isoformat()
        except Unread:
            line.note = "birthday"

    # -------------------------------------------------------------- purchase
    def _read_purchase(self, cells: list[Cell], line: Line) -> None:
        if "opening" in self.roles:
            day, amount, currency = self._opening(cells)
        else:
            day, amount, currency = self._bought(cells)
        if amount is None or day is None:
            return
        if day > self.today:
            raise Unread("future")
        if day.year < FIRST_YEAR:
            raise Unread("date")
        count = self._find(cells, "count")[0]
        line.data |= {
            "day": day.isoformat(),
            "amount": str(self.round(amount)),
            "count": read_count(count) if count != "" and amount > 0 else 1,
        }
        if currency:
            line.data["currency"] = currency
        if "opening" in self.roles:
            line.data["opening"] = True
            return
        if reference := self._text(cells, "reference", MAX_REFERENCE):
            line.data["reference"] = reference
        try:
            delivered = self._day(cells, "delivered")
        except Unread:
            line.note = "delivered"
            return
        if delivered and delivered < day:
            line.note = "delivered"
        elif delivered:
            line.data["delivered"] = delivered.isoformat()

    def _opening(self, cells):
        """Return the sum of everything until a day; none where it is zero.

        The currency column counts for it as well.
        """
        amount, currency = self._amount(cells, "opening")
        if not amount:
            return None, None, ""
        if amount < 0:
            raise Unread("amount")
        day = self._day(cells, "opening_day") or self.opening_on
        if not day:
            raise Unread("no_day")
        return day, amount, currency or self._currency(cells)

    def _bought(self, cells):
        """Return one purchase; a line without day and amount is a person alone."""
        amount, currency = self._amount(cells, "amount")
        day = self._day(cells, "day")
        if amount is None and day is None:
            return None, None, ""
        if amount is None:
            raise Unread("no_amount")
        if day is None:
            raise Unread("no_day")
        return day, amount, currency or self._currency(cells)

    def _currency(self, cells: list[Cell]) -> str:
        """Return the code of the currency column."""
        text = self._text(cells, "currency", 10)
        if not text:
            return ""
        return read_amount(f"1{text}")[1] or text.upper()

    def round(self, amount: Decimal) -> Decimal:
        """Return an amount with the decimals of the company's currency.

        >>> LineReader([], date(2024, 6, 1)).round(Decimal("12.5"))
        Decimal('13')
        """
        unit = Decimal(1).scaleb(-self.decimals)
        return amount.quantize(unit, rounding=ROUND_HALF_UP)
