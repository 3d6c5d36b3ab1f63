"""Which column of a table is what: by its heading, else by what is in it.

A column is described by a ``Counter`` of what its cells look like, kept up row by row
(``count``). A heading that its column contradicts is not believed.

>>> guess_roles(["Họ tên", "SĐT", "Ngày mua", "Tổng tiền", "Mã đơn"])
['name', 'phone', 'day', 'amount', 'reference']
>>> cells = Counter(filled=9, email=9)
>>> guess_roles(["", "Khách hàng"], [cells, Counter()])
['email', 'name']
"""

import re
from collections import Counter

from .table_file import Cell
from .table_value import Unread, amount_evidence, date_evidence, is_phone, read_email
from .text import digits, fold

#: Roles in the order in which headings are asked, with their words, folded.
HEADINGS = {
    "email": "email|e mail|mail|thu dien tu|dia chi email|dia chi mail|email address",
    "phone": "sdt|so dien thoai|dien thoai|so dt|dt|dtdd|di dong|so di dong|mobile"
    "|phone|phone number|tel|telephone|cell|mobile phone|zalo|so zalo|cell phone",
    "birthday": "ngay sinh|sinh nhat|birthday|date of birth|birth date|dob|sinh ngay",
    "delivered": "ngay giao|ngay giao hang|ngay nhan|ngay nhan hang|ngay da giao"
    "|delivered|delivered on|delivery date|delivery",
    "opening_day": "lan mua cuoi|mua lan cuoi|ngay mua cuoi|ngay giao dich cuoi"
    "|ngay mua gan nhat|lan mua gan nhat|last purchase|last order|last order date"
    "|last purchase date|tinh den ngay|until",
    "count": "so lan mua|so don hang|so don da mua|tong so don|so luong don|purchases"
    "|so luot mua|number of orders|orders|order count|number of purchases",
    "day": "ngay mua|ngay ban|ngay hoa don|ngay dat|ngay dat hang|ngay don hang"
    "|ngay giao dich|ngay chung tu|ngay|thoi gian|date|order date|purchase date"
    "|invoice date|bought on|thoi gian mua|ngay tao don",
    "opening": "tong chi tieu|tong mua|tong ban|tong ban tru tra hang|tong da mua"
    "|total spent|total spent until|total spend|lifetime value|tong doanh so|tong chi",
    "currency": "tien te|loai tien|don vi tien te|currency|ngoai te|loai tien te",
    "amount": "doanh so|tong tien|thanh tien|so tien|gia tri|amount|total|doanh thu"
    "|order total|tong cong|tong tien hang|gia tri don hang|subtotal|revenue"
    "|purchase amount|total amount|tong thanh toan",
    "ref": "ma khach hang|ma kh|ma khach|customer code|customer id|customer number",
    "reference": "ma don|ma don hang|so don|ma hoa don|so hoa don|ma phieu|so phieu"
    "|ma chung tu|so chung tu|order|order number|order no|invoice|invoice number"
    "|receipt|receipt number|reference|don hang|hoa don|order id|ma giao dich",
    "street": "dia chi|address|street|dia chi nha|dia chi khach hang",
    "city": "tinh thanh|thanh pho|tinh|tinh thanh pho|khu vuc|city|province|tp",
    "name": "ho ten|ho va ten|ten khach hang|ten khach|khach hang|ten|ten kh|name"
    "|customer|customer name|full name|fullname|contact|contact name|nguoi mua",
}
ROLES = tuple(HEADINGS)
_WORDS = {role: words.split("|") for role, words in HEADINGS.items()}
#: What the cells of a column of such a role look like.
_LOOKS = {
    "email": ("email",),
    "phone": ("phone", "long"),
    "day": ("date",),
    "birthday": ("date",),
    "delivered": ("date",),
    "opening_day": ("date",),
    "amount": ("amount",),
    "opening": ("amount",),
    "count": ("amount",),
}
FEW = 5  # cells that are too few to contradict a heading
#: Lines about the file itself, written by the report of an earlier import.
_OWN = {"ly do", "reason", "dong", "line"}
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def normalize(heading: object) -> str:
    """Return a heading in plain small words.

    >>> normalize("Số ĐT (Zalo)*"), normalize(None)
    ('so dt zalo', '')
    """
    return _NOT_WORD.sub(" ", fold(str(heading or ""))).strip()


def count(looks: Counter, cell: Cell) -> None:
    """Add what one cell looks like to the description of its column.

    >>> looks = Counter()
    >>> for cell in ("25/3/2024", "3/4/2024", "mai@x.vn", "1.234.567", ""):
    ...     count(looks, cell)
    >>> sorted(looks.items())[:4]
    [('amount', 1), ('amount_dot', 1), ('date', 2), ('date_dmy', 1)]
    """
    if cell == "":
        return
    looks["filled"] += 1
    day = date_evidence(cell)
    if day:
        looks["date"] += 1
        looks[f"date_{day}"] += 1
    if 8 <= len(str(cell)) <= 20 and 8 <= len(digits(str(cell))) <= 15:
        looks["long"] += 1
    if is_phone(cell):
        looks["phone"] += 1
    elif amount := amount_evidence(cell):
        looks["amount"] += 1
        looks[f"amount_{amount}"] += 1
    if isinstance(cell, str) and any(map(str.isalpha, cell)):
        looks["text"] += 1
        if "@" in cell:
            try:
                looks["email"] += bool(read_email(cell))
            except Unread:
                looks["odd"] += 1


def date_order(looks: Counter, usual: str) -> str:
    """Return the order of day and month of a column.

    :param usual: what to take where no cell shows it

    >>> date_order(Counter(date_dmy=3), "mdy"), date_order(Counter(), "mdy")
    ('dmy', 'mdy')
    >>> date_order(Counter(date_dmy=3, date_mdy=1), "dmy")
    'mixed'
    """
    shown = [order for order in ("dmy", "mdy") if looks[f"date_{order}"]]
    return "mixed" if len(shown) == 2 else shown[0] if shown else usual


def amount_style(looks: Counter) -> str:
    """Return what separates thousands in a column, empty where no cell shows it.

    >>> amount_style(Counter(amount_dot=3)), amount_style(Counter(amount_either=3))
    ('dot', '')
    """
    shown = [style for style in ("dot", "comma") if looks[f"amount_{style}"]]
    return "mixed" if len(shown) == 2 else shown[0] if shown else ""


def guess_roles(headings: list, looks: list[Counter] | None = None) -> list[str]:
    """Return the role of each column, empty where it has none; each role once.

    :param headings: first row; empty cells where there is no heading
    :param looks: description of each column; none: headings alone decide

    >>> guess_roles(["SĐT khách hàng", "Khách hàng", "Ghi chú", "Lý do"])
    ['phone', 'name', '', '']
    """
    looks = looks or [Counter() for _heading in headings]
    words = [normalize(heading) for heading in headings]
    roles = [""] * len(headings)
    for exact in (True, False):
        for role in ROLES:
            if role in roles:
                continue
            for place, heading in enumerate(words):
                if (
                    not roles[place]
                    and heading not in _OWN
                    and _is_called(heading, role, exact)
                    and _may_be(looks[place], role)
                ):
                    roles[place] = role
                    break
    _guess_by_content(roles, words, looks)
    return roles


def heading_score(cells: list) -> int:
    """Return how many cells of a row are words for a column.

    >>> heading_score(["STT", "Họ và tên", "Điện thoại"]), heading_score(["Báo cáo"])
    (2, 0)
    """
    return sum(
        any(_is_called(normalize(cell), role, True) for role in ROLES)
        for cell in cells
        if isinstance(cell, str)
    )


def _is_called(heading: str, role: str, exact: bool) -> bool:
    if exact:
        return heading in _WORDS[role]
    padded = f" {heading} "
    return any(f" {word} " in padded for word in _WORDS[role] if len(word) > 2)


def _may_be(looks: Counter, role: str) -> bool:
    """Tell whether what is in a column does not contradict its heading."""
    expected = _LOOKS.get(role)
    if not expected or looks["filled"] < FEW:
        return True
    return sum(looks[look] for look in expected) >= 0.2 * looks["filled"]


def _guess_by_content(roles: list, words: list, looks: list[Counter]) -> None:
    """Give roles to columns whose heading says nothing, by what nearly all cells are."""
    for role, look in (("email", "email"), ("phone", "phone"), ("day", "date")):
        if role in roles or (role == "day" and "opening_day" in roles):
            continue
        for place, seen in enumerate(looks):
            if not roles[place] and seen[look] >= max(0.8 * seen["filled"], 1):
                roles[place] = role
                break
    if "name" not in roles:
        for place, seen in enumerate(looks):
            plain = not roles[place] and not words[place]
            if plain and seen["text"] - seen["email"] >= max(0.8 * seen["filled"], 1):
                roles[place] = "name"
                break
    if "amount" not in roles and "opening" not in roles and "day" in roles:
        for place, seen in enumerate(looks):
            plain = not roles[place] and not words[place]
            if plain and seen["amount"] - seen["date"] >= max(0.8 * seen["filled"], 1):
                roles[place] = "amount"
                break
