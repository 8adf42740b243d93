"""Days that are given to commands."""

from datetime import datetime, time

from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date


def moment_of(text: str | None, at: time) -> datetime | None:
    """That hour of the day (YYYY-MM-DD); None for none. CommandError for what is no date."""
    if text is None:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"“{text}”不是日期，请写成 2026-02-27 这样。")
    return timezone.make_aware(datetime.combine(day, at))
