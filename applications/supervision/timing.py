"""Where the time of decided cases went, stage by stage, in natural days; pure counting over rows handed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from applications.models import Application
from applications.models.progress import ClockKind

STAGES = {
    "intake": "核对受理",
    "applicant": "等待申请人补正",
    "special": "特别程序",
    "review": "审查决定",
    "delivery": "送达",
}


@dataclass(frozen=True)
class Spent:
    """Natural days of one case in each stage."""

    intake: int
    applicant: int
    special: int
    review: int
    delivery: int


def spent(case: Application) -> Spent:
    """The days of one decided case; ``clocks`` and ``pauses`` are read, prefetch them."""
    submitted, accepted = _day(case.counted_from), case.accepted_on
    decided, delivered = _day(case.decided_at), _day(case.delivered_at)
    applicant = sum(
        _days(clock.started_on, clock.stopped_on) for clock in case.clocks.all() if clock.kind == ClockKind.CORRECTION
    )
    special = sum(_days(pause.began_on, pause.ended_on or decided) for pause in case.pauses.all())
    return Spent(
        intake=max(0, _days(submitted, accepted) - applicant),
        applicant=applicant,
        special=special,
        review=max(0, _days(accepted, decided) - special),
        delivery=_days(decided, delivered),
    )


def averages(cases: Iterable[Application]) -> dict[str, float] | None:
    """The mean days of each of ``STAGES``, one decimal; None without any case."""
    found = [spent(case) for case in cases]
    if not found:
        return None
    return {stage: round(sum(getattr(one, stage) for one in found) / len(found), 1) for stage in STAGES}


def _day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


def _days(start: date | None, end: date | None) -> int:
    return max(0, (end - start).days) if start and end else 0
