"""The half-yearly check: somebody looks at each published guide and confirms that it still holds (天津's 半年核对)."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from identity.models import User
from matters import record
from matters.models import CatalogueFinding, GuideChange, Matter


class NothingToConfirm(Exception):
    """The matter has no guide in force."""


def due_on(published_on: date, checked_on: date | None, days: int) -> date:
    """The last day on which the check is in time: ``days`` natural days after publication or the last confirmation."""
    return max(published_on, checked_on or published_on) + timedelta(days=days)


def due_day(matter: Matter) -> date | None:
    """The last day for this matter's check; None for a matter that is not published."""
    version = matter.current
    if version is None or version.published_at is None:
        return None
    return due_on(timezone.localdate(version.published_at), matter.checked_on, settings.HALL_GUIDE_CHECK_DAYS)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


@transaction.atomic
def confirm(matter: Matter, *, by: User, on: date | None = None) -> Matter:
    """Note that the guide in force still holds, today or ``on`` a day; NothingToConfirm when none is in force."""
    matter = Matter.objects.select_for_update(of=("self",)).select_related("current").get(pk=matter.pk)
    if matter.current is None:
        raise NothingToConfirm("这一事项没有现行有效的指南，不需要确认。")
    now = timezone.now()
    matter.checked_on, matter.checked_by_name = on or timezone.localdate(), str(by)
    matter.save(update_fields=["checked_on", "checked_by_name"])
    record.note(matter.current, GuideChange.Action.CONFIRMED, by, at=_noon(on) if on else now)
    matter.findings.filter(kind=CatalogueFinding.Kind.DUE, resolved_at=None).update(resolved_at=now)
    return matter
