"""The nightly check of the catalogue: what was right when it was published may not be right any more.

Checks are functions of a published matter and the day, registered with ``nightly``: those of this app in
``matters.nightly_checks``, those that need an app above in that app. What they find is kept in rows, so that running twice
changes nothing but the time, and what is gone is marked as resolved.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from matters import queries
from matters.models import CatalogueFinding, Matter

FROM_HOUR = 1  # the night's first run; before it, yesterday's is still the last
TWO_DAYS = 2 * 24 * 3600
ROWS_AT_ONCE = 50


@dataclass(frozen=True)
class Found:
    """One thing to put right: its ``CatalogueFinding.Kind`` and a sentence for the person who mends it."""

    kind: str
    sentence: str

    @property
    def key(self) -> str:
        """The same for the same thing found again, 64 hex digits."""
        return hashlib.sha256(f"{self.kind}|{self.sentence}".encode()).hexdigest()


@dataclass
class Report:
    """What one run did; ``next_after`` is where to go on when its time was up, None when all are done."""

    checked: int = 0
    new: int = 0
    open: int = 0
    resolved: int = 0
    next_after: int | None = None


Check = Callable[[Matter, date], Iterable[Found]]
CHECKS: list[Check] = []


def nightly(check: Check) -> Check:
    """Register a check."""
    CHECKS.append(check)
    return check


def run(*, after: int = 0, seconds: float | None = None) -> Report:
    """Check the published matters whose key is above ``after``, for about ``seconds``; then withdrawn ones have no findings."""
    report = Report()
    started = monotonic()
    while matters := _next(after):
        for matter in matters:
            if seconds is not None and monotonic() - started > seconds:
                report.next_after = after
                return report
            check_matter(matter, report)
            after = matter.pk
    left = CatalogueFinding.objects.filter(resolved_at=None).exclude(matter__in=queries.published())
    report.resolved += left.update(resolved_at=timezone.now())
    return report


def _next(after: int) -> list[Matter]:
    return list(queries.published().select_related("current").filter(pk__gt=after).order_by("pk")[:ROWS_AT_ONCE])


def check_matter(matter: Matter, report: Report | None = None) -> None:
    """Run every check on one published matter and keep what they find."""
    today = timezone.localdate()
    found = {one.key: one for check in CHECKS for one in check(matter, today)}
    _keep(matter, found, timezone.now(), report or Report())


@transaction.atomic
def _keep(matter: Matter, found: dict[str, Found], now: datetime, report: Report) -> None:
    known = {row.key: row for row in matter.findings.all()}
    gone = [row.pk for key, row in known.items() if key not in found and row.resolved_at is None]
    back = [row.pk for key, row in known.items() if key in found and row.resolved_at is not None]
    matter.findings.filter(pk__in=gone).update(resolved_at=now)
    matter.findings.filter(pk__in=back).update(resolved_at=None, first_seen=now)
    matter.findings.filter(key__in=found).update(last_seen=now)
    fresh = [
        CatalogueFinding(matter=matter, kind=one.kind, key=key, sentence=one.sentence, first_seen=now, last_seen=now)
        for key, one in found.items()
        if key not in known
    ]
    CatalogueFinding.objects.bulk_create(fresh, ignore_conflicts=True)
    report.checked += 1
    report.open += len(found)
    report.new += len(fresh) + len(back)
    report.resolved += len(gone)


def enqueue_nightly(now: datetime) -> bool:
    """Ask the worker for the night's check, once a day however often the clock calls; whether it was asked."""
    local = timezone.localtime(now)
    if local.hour < FROM_HOUR or not cache.add(f"catalogue-check:{local.date()}", True, timeout=TWO_DAYS):
        return False
    async_task("matters.tasks.check_catalogue_task")
    return True
