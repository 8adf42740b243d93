"""When applications are taken (guide field 8), in words and as an answer to: is it open now?"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matters.guide import AcceptanceWindow, GuideContent, WeeklyHours
from matters.workdays import Calendar

WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
FRIDAY = 5
DAY = re.compile(r"(?:\d{4}-)?\d{2}-\d{2}", re.ASCII)
EVERY_YEAR = re.compile(r"\d{2}-\d{2}")


@dataclass(frozen=True)
class Opening:
    """Whether one can apply online now, and why not."""

    is_open: bool
    reason: str = ""


def opening(content: GuideContent, at: datetime, calendar: Calendar) -> Opening:
    """Whether an application can be filed online at ``at`` (hall time)."""
    window = content.guide.acceptance_window
    if not content.form.sections:
        return Opening(False, _("这一事项还不能在网上申请，请到窗口办理。"))
    if not in_season(window, at.date()):
        return Opening(False, _("现在不是受理季节，受理时间为%(season)s。") % {"season": season_text(window)})
    if not window.online_always and not in_hours(window, at, calendar):
        return Opening(False, _("现在不在受理时间内，受理时间为%(hours)s。") % {"hours": hours_text(window)})
    return Opening(True)


def in_season(window: AcceptanceWindow, day: date) -> bool:
    """Whether the day lies in the season; a season without years may run over New Year."""
    begin, end = window.season_from, window.season_to
    if not (begin and end):
        return True
    if EVERY_YEAR.fullmatch(begin):
        today = f"{day:%m-%d}"
        return begin <= today <= end if begin <= end else today >= begin or today <= end
    return begin <= day.isoformat() <= end


def in_hours(window: AcceptanceWindow, at: datetime, calendar: Calendar) -> bool:
    """Whether the desk is open: closed on holidays, open on working Saturdays and Sundays (调休) as on weekdays."""
    clock = f"{at:%H:%M}"
    return any(
        _is_open_on(slot, at.date(), calendar) and slot.open <= clock <= slot.close for slot in window.weekly_hours
    )


def _is_open_on(slot: WeeklyHours, day: date, calendar: Calendar) -> bool:
    weekday, is_workday = day.isoweekday(), calendar.is_workday(day)
    if weekday <= FRIDAY:
        return is_workday and weekday in slot.days
    return weekday in slot.days or (is_workday and min(slot.days, default=7) <= FRIDAY)


def hours_text(window: AcceptanceWindow) -> str:
    """周一至周五 09:00–12:00；周六 09:00–11:30."""
    return "；".join(f"{_days_text(slot.days)} {slot.open}–{slot.close}" for slot in window.weekly_hours)


def _days_text(days: list[int]) -> str:
    ordered = sorted(set(days))
    names = [str(WEEKDAYS[day - 1]) for day in ordered]
    if len(ordered) > 2 and ordered == list(range(ordered[0], ordered[-1] + 1)):
        return _("%(first)s至%(last)s") % {"first": names[0], "last": names[-1]}
    return "、".join(names)


def season_text(window: AcceptanceWindow) -> str:
    """每年 3 月 1 日至 5 月 31 日, or dates with their year."""
    begin, end = window.season_from, window.season_to
    if not (begin and end):
        return _("全年")
    text = _("%(begin)s至%(end)s") % {"begin": _day_text(begin), "end": _day_text(end)}
    return _("每年%(season)s") % {"season": text} if EVERY_YEAR.fullmatch(begin) else text


def _day_text(text: str) -> str:
    if not DAY.fullmatch(text):
        return text  # a draft may say anything
    *year, month, day = text.split("-")
    month_and_day = _("%(month)d月%(day)d日") % {"month": int(month), "day": int(day)}
    return _("%(year)s年%(rest)s") % {"year": year[0], "rest": month_and_day} if year else month_and_day
