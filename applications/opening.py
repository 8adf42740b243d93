"""Whether a matter takes applications now, and from whom. Pure: the moment is passed in."""

from datetime import date, datetime, time

from django.utils import timezone

from applications.drafts import Applicant
from matters import codes
from matters.guide import AcceptanceWindow, Header
from matters.models import Matter

PERSON = "1"  # code of 自然人 among the service objects
WEEKDAYS = "一二三四五六日"


def closed_because(matter: Matter, at: datetime) -> str:
    """The sentence that explains why nobody can apply online now; empty when everybody can."""
    if matter.current is None or not matter.active:
        return "这一事项已经停办或正在修订，现在不受理申请。请在办事指南里查看有没有替代的事项，或拨打部门咨询电话。"
    if not matter.online:
        return "这一事项暂时不能在网上申请，请按办事指南里的地址到窗口办理。"
    return outside_window(matter.current.guide.acceptance_window, timezone.localtime(at))


def outside_window(window: AcceptanceWindow, at: datetime) -> str:
    """The sentence when local moment ``at`` is out of season or, where the net has hours too, out of hours."""
    if not in_season(window, at.date()):
        return (
            f"这一事项每次只在规定的时段受理，本次为 {window.season_from} 至 {window.season_to}。请在这段时间内申请。"
        )
    if window.online_always or not window.weekly_hours or in_hours(window, at):
        return ""
    return f"这一事项只在受理时间内接收申请：{hours_words(window)}。请在这些时间再来，已经填写的草稿会一直保留。"


def in_season(window: AcceptanceWindow, day: date) -> bool:
    """Whether the day lies between ``season_from`` and ``season_to``, both included; MM-DD repeats every year."""
    start, end = window.season_from, window.season_to
    if not start and not end:
        return True
    text = day.isoformat()
    if len(start or end) == len("MM-DD"):
        text = text[5:]
        start, end = start or "01-01", end or "12-31"
        if start > end:  # over the turn of the year
            return text >= start or text <= end
    return (start or text) <= text <= (end or text)


def in_hours(window: AcceptanceWindow, at: datetime) -> bool:
    """Whether the local moment lies within the weekly hours."""
    now = at.time()
    return any(
        at.isoweekday() in hours.days and time.fromisoformat(hours.open) <= now < time.fromisoformat(hours.close)
        for hours in window.weekly_hours
    )


def hours_words(window: AcceptanceWindow) -> str:
    """The weekly hours as people say them."""
    return "；".join(
        f"周{'、'.join(WEEKDAYS[day - 1] for day in hours.days)} {hours.open}—{hours.close}"
        for hours in window.weekly_hours
    )


def closed_at_window(matter: Matter, day: date) -> str:
    """The sentence that explains why nobody can apply in person on this day; a clerk at the desk is open by definition."""
    if matter.current is None or not matter.active:
        return "这一事项已经停办或正在修订，现在不受理申请。"
    window = matter.current.guide.acceptance_window
    if in_season(window, day):
        return ""
    return f"这一事项每次只在规定的时段受理，本次为 {window.season_from} 至 {window.season_to}。"


def unfit_because(header: Header, applicant: Applicant) -> str:
    """The sentence that explains why this matter is not for such an applicant; empty when it is."""
    return unfit_kind(header, is_enterprise=applicant.enterprise is not None)


def unfit_kind(header: Header, *, is_enterprise: bool) -> str:
    """The same, of any person or any enterprise."""
    objects = set(header.service_objects)
    if not objects:
        return ""
    if not is_enterprise:
        if PERSON in objects:
            return ""
        names = "、".join(str(codes.SERVICE_OBJECTS[code]) for code in sorted(objects) if code in codes.SERVICE_OBJECTS)
        return f"这一事项由{names}申请，不能以个人名义办理。"
    return "" if objects - {PERSON} else "这一事项由个人申请，不能以单位名义办理。"
