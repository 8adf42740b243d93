"""How dates, sizes and personal numbers are written on pages."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language

from identity import numbers

register = template.Library()

WEEKDAYS = "一二三四五六日"


def _local(moment: date) -> date:
    is_aware = isinstance(moment, datetime) and timezone.is_aware(moment)
    return timezone.localtime(moment) if is_aware else moment  # type: ignore[arg-type]


def _in_english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def cn_date(day: date | None) -> str:
    """2026年2月27日（周五）; in English Fri, 27 February 2026; empty for None."""
    if not day:
        return ""
    day = _local(day)
    if _in_english():
        return date_format(day, "D, j F Y", use_l10n=False)
    return f"{day.year}年{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@register.filter
def cn_moment(moment: datetime | date | None) -> str:
    """The date with hours and minutes of Beijing time; a mere date is written without."""
    if not isinstance(moment, datetime):
        return cn_date(moment)
    return f"{cn_date(moment)} {_local(moment):%H:%M}"


@register.filter
def file_size(size: int | None) -> str:
    """512 字节, 3.4 KB, 1.2 MB, 5.0 GB: units of 1024."""
    if size is None:
        return ""
    if size < 1024:
        return f"{size} bytes" if _in_english() else f"{size} 字节"
    if size < 1024 * 1024:
        return f"{size / 1024:.1f} KB"
    if size < 1024**3:
        return f"{size / 1024**2:.1f} MB"
    return f"{size / 1024**3:.1f} GB"


@register.filter
def yuan(cents: int | None) -> str:
    """Money kept in 分, written in 元: 123450 → 1,234.50 元."""
    if cents is None:
        return ""
    return f"{cents / 100:,.2f} {'yuan' if _in_english() else '元'}"


@register.filter
def absolute(number: int) -> int:
    """How much, whatever the sign."""
    return abs(number)


@register.filter
def page_numbers(page: Page) -> Iterator[Any]:
    """The numbers a pager shows: both ends and the neighbours of this page, … between."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


register.filter("masked_name", numbers.mask_name)
register.filter("masked_id", numbers.mask_id_number)
register.filter("masked_phone", numbers.mask_phone)
