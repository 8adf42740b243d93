"""Filters of printed documents: dates as documents write them, and sizes that follow the length of a name."""

from datetime import date, datetime

from django import template

register = template.Library()


@register.filter
def cn_date(value: str | date | None) -> str:
    """``2026-02-27`` → 2026年2月27日, Arabic figures without padding (GB/T 9704); empty stays empty."""
    if not value:
        return ""
    day = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def cn_moment(value: str | None) -> str:
    """``2026-02-27T09:05:00+08:00`` → 2026年2月27日9时05分; empty stays empty."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value)
    return f"{cn_date(moment.date())}{moment.hour}时{moment.minute:02d}分"


@register.filter
def as_clause(text: str) -> str:
    """An officer's sentence without its last stop, to go on within a sentence of the document."""
    return text.strip().rstrip("。；，.;,")


@register.filter
def mark_size(name: str) -> str:
    """The class that lets an organ's name fill the head of a letter on one line."""
    for longest, size in ((9, "mark-l"), (13, "mark-m"), (18, "mark-s")):
        if len(name) <= longest:
            return size
    return "mark-xs"


@register.filter
def sign_size(name: str) -> str:
    """Names over 13 characters do not fit when centred on the date: they end at the margin instead."""
    return "sign-long" if len(name) > 13 else ""


@register.filter
def grouped_code(code: str) -> str:
    """A check code in groups of four, easier to read aloud and to type: ABCD-EFGH-JKLM."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


@register.filter
def cn_ordinal(value: int) -> str:
    """1 → 一 … 99 → 九十九, for headings 一、二、."""
    digits = "零一二三四五六七八九"
    tens, units = divmod(int(value), 10)
    head = "" if tens == 0 else ("十" if tens == 1 else digits[tens] + "十")
    return head + (digits[units] if units or not head else "")


@register.filter
def licence_size(name: str) -> str:
    """The class that lets a certificate's name stay on one line."""
    if len(name) <= 9:
        return ""
    return "name-m" if len(name) <= 16 else "name-s"


@register.filter
def name_parts(name: str) -> list[str]:
    """A name and its bracketed addition apart, so that a line breaks between them: 规划局 | （林业局）."""
    head, bracket, rest = name.partition("（")
    return [head, bracket + rest] if bracket else [head]


FACE_MOST = 280  # characters of one line that the face of a certificate has room for
FACE_DENSE = 90  # characters on all lines from which they are set smaller


@register.filter
def face_density(lines: list[dict[str, str]]) -> str:
    """The class that sets the lines of a certificate smaller when there is much to say."""
    return "dense" if len(lines) > 4 or sum(len(line["value"]) for line in lines) > FACE_DENSE else ""


@register.filter
def face_text(value: str) -> str:
    """A line of a certificate; what has no room on the face stands in the decision."""
    return value if len(value) <= FACE_MOST else f"{value[:FACE_MOST]}……（全文见准予决定书）"
