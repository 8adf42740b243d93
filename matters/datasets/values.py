"""Values of a data set: brought to their one form by kind, and to the forms that searching and sorting compare. Pure.

Every value is kept as text: numbers without needless zeros, dates as 2026-03-02.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from identity import numbers

LONGEST = 2000
LONGEST_CODE = 100
LARGEST = Decimal(10) ** 15
# Excel keeps 15 digits of a number: a longer one in a number cell has lost its end already.
EXACT_DIGITS = 15
PHONE = re.compile(r"[0-9+()\-\s转,、;/]{5,40}")
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
SORT_LENGTH = 60
# Control characters but tab and line feed, and halves of characters.
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class BadValue(ValueError):
    """The value does not fit its kind; the text says why and what to do."""


def clean(kind: str, raw: Any) -> str:
    """The value of a cell (text, number, date or None) in its one form, empty when there is none; BadValue otherwise."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return ""
    value = CLEANERS[kind](raw)
    if len(value) > LONGEST:
        raise BadValue(f"超过 {LONGEST} 字。")
    return value


def _text(raw: Any) -> str:
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, int | float | Decimal):
        return _whole(raw)
    if isinstance(raw, date):
        return _date(raw)
    text = str(raw).strip()
    if UNSEEN.search(text):
        raise BadValue("含有看不见的控制字符，请删去。")
    return text


def _whole(raw: float | Decimal) -> str:
    """A number cell under text: 13800001234.0 is the telephone number that somebody typed."""
    number = Decimal(repr(raw) if isinstance(raw, float) else raw)
    if not number.is_finite() or number.adjusted() >= EXACT_DIGITS:
        raise BadValue("数字超过 15 位，Excel 已经丢了末尾几位。请把这一列设为文本格式后重新填写。")
    return f"{number.normalize():f}"


def _number(raw: Any) -> str:
    try:
        number = Decimal(str(raw).replace(",", "").replace("，", "").strip())
    except InvalidOperation as error:
        raise BadValue("不是数字。") from error
    if isinstance(raw, bool) or not number.is_finite() or abs(number) >= LARGEST:
        raise BadValue("不是合理的数字。")
    return f"{number.normalize():f}"


def _date(raw: Any) -> str:
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    text = re.sub(r"\s", "", _text(raw))
    for pattern in DATES:
        try:
            return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007  a day has no time zone
        except ValueError:
            continue
    raise BadValue("不是日期，请写成 2026-03-02 的样子。")


def _code(raw: Any) -> str:
    code = unicodedata.normalize("NFKC", _text(raw))
    if len(code) > LONGEST_CODE:
        raise BadValue(f"编号超过 {LONGEST_CODE} 个字符。")
    return code


def _phone(raw: Any) -> str:
    phone = unicodedata.normalize("NFKC", _text(raw))
    if not PHONE.fullmatch(phone):
        raise BadValue("不是电话号码，请写成 0839-5550100 或 13800001234 的样子。")
    return phone


def _checked(check: Callable[[str], str]) -> Callable[[Any], str]:
    def clean_number(raw: Any) -> str:
        try:
            return check(_text(raw))
        except ValidationError as error:
            raise BadValue("".join(error.messages)) from error

    return clean_number


CLEANERS: dict[str, Callable[[Any], str]] = {
    "text": _text,
    "number": _number,
    "date": _date,
    "code": _code,
    "uscc": _checked(numbers.clean_uscc),
    "phone": _phone,
    "id_number": _checked(numbers.clean_id_number),
    "person": _text,
    "address": _text,
}


def plain(text: str) -> str:
    """What searching compares: half-width, lower-case, without spaces and hyphens, and without halves of characters, which JSON
    may hold but no database."""
    whole = text.encode(errors="ignore").decode()
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", whole)).lower()


def asked(kind: str, text: str) -> str:
    """What somebody typed into a query, as ``plain`` would have stored it: a date or number in any spelling finds its like."""
    try:
        return plain(clean(kind, text)) if kind in ("date", "number") else plain(text)
    except BadValue:
        return plain(text)


def sort_text(kind: str, text: str) -> str:
    """A text that sorts as the value does: numbers by size, dates by day, empty ones first."""
    if kind == "number" and text:
        return f"{Decimal(text) + LARGEST:027.6f}"
    return plain(text)[:SORT_LENGTH]
