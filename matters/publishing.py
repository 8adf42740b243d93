"""Publishing and withdrawing guides, and the holiday calendar: what the inner side decides and the outer side shows."""

import hashlib
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from identity import revision
from identity.models import Department, User
from matters import catalogue, record
from matters.checks.problem import Problem
from matters.guide_checks import check_guide
from matters.models import CalendarDay, CalendarYear, GuideChange, GuideVersion, Matter
from sync import canonical, outbox

MATTER_PUBLISHED = "matter.published"
CALENDAR_PUBLISHED = "calendar.published"


class NotPublishable(Exception):
    """The guide has problems; ``problems`` says which."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("；".join(problem.message for problem in problems))


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 of a content in canonical JSON, hex: two guides are the same when their digests are."""
    return hashlib.sha256(canonical.encode(content)).hexdigest()


@transaction.atomic
def publish(
    version: GuideVersion, *, by: User | str, effective_on: date | None = None, at: datetime | None = None
) -> GuideVersion:
    """Make a draft or an approved version public from ``effective_on`` (default today), published ``at`` (default now).

    What was in force is superseded on that day. ``by`` is the person answerable, whose name is kept. Running cases keep
    the version that they were filed under. Raises NotPublishable with everything that is wrong, ValueError for a version
    in another state. Who may, and that four eyes saw it, is asked by ``matters.reviewing``.
    """
    version = locked(version.pk)
    if version.state not in (GuideVersion.State.DRAFT, GuideVersion.State.APPROVED):
        raise ValueError("只有草稿和审核通过的版本可以发布。")
    problems = problems_of(version)
    if problems:
        raise NotPublishable(problems)
    if version.state == GuideVersion.State.DRAFT:  # an approved one is published to the letter as it was approved
        version.content = whole_content(version)
    version.digest = digest_of(version.content)
    version.state = GuideVersion.State.PUBLISHED
    version.published_at = at or timezone.now()
    version.effective_on = effective_on or timezone.localdate()
    version.published_by_name = str(by)
    version.save()
    record.note(version, GuideChange.Action.PUBLISHED, by, at=version.published_at)
    catalogue.bring_due_into_force(timezone.localdate(), version.matter)
    version.matter.refresh_from_db()
    _record(version)
    return version


def locked(pk: int) -> GuideVersion:
    """A version with its matter, both locked, the matter first as every writer does; inside a transaction."""
    Matter.objects.select_for_update().get(versions=pk)
    return GuideVersion.objects.select_for_update(of=("self",)).select_related("matter__department").get(pk=pk)


def whole_content(version: GuideVersion) -> dict[str, Any]:
    """The content with every field said, also those left at their default: the form in which it is frozen."""
    return version.parsed.model_dump(mode="json")


def problems_of(version: GuideVersion) -> list[Problem]:
    """What stops a draft from being published: its own faults, and a name that the department uses already."""
    content = {"header": {}, **version.content}
    problems = check_guide(content)
    name = str((content.get("guide") or {}).get("matter_name", "")) if not problems else ""
    twins = Matter.objects.filter(department=version.matter.department, name=name, active=True, current__isnull=False)
    if name and twins.exclude(pk=version.matter_id).exists():
        problems.append(Problem("matter_name", "matter_name", f"本部门已有名为“{name}”的事项，请换一个名称。"))
    if not problems:
        problems += _unknown_departments(version)
    if not problems and version.parsed.header.code != version.matter.code:
        problems.append(Problem("header", "header.code", "实施编码和所属事项不一致。"))
    return problems


def _unknown_departments(version: GuideVersion) -> list[Problem]:
    """Steps of a department that is not there: no case could be accepted."""
    steps = list(enumerate(version.parsed.guide.procedure))
    known = set(
        Department.objects.filter(name__in=[step.department for _, step in steps]).values_list("name", flat=True)
    )
    return [
        Problem("procedure", f"procedure.{index}.department", f"没有名为“{step.department}”的部门，请核对全称。")
        for index, step in steps
        if step.department and step.department not in known
    ]


@transaction.atomic
def withdraw(matter: Matter, *, by: User | str = "", reason: str = "") -> None:
    """Take a matter out of the public catalogue; running cases go on. ValueError when it is not published."""
    matter = Matter.objects.select_for_update().get(pk=matter.pk)
    if matter.current is None:
        raise ValueError("这一事项没有已发布的指南。")
    withdraw_version(matter.current, by=by, reason=reason)


@transaction.atomic
def withdraw_version(version: GuideVersion, *, by: User | str = "", reason: str = "") -> None:
    """Withdraw the version in force, and with it the matter; or one that waits for its day, and the one in force stays.

    ValueError for a version that is neither.
    """
    version = locked(version.pk)
    if version.standing not in (GuideVersion.Standing.IN_FORCE, GuideVersion.Standing.SCHEDULED):
        raise ValueError("只有现行有效和待生效的版本可以撤回。")
    today = timezone.localdate()
    GuideVersion.objects.filter(pk=version.pk).update(state=GuideVersion.State.WITHDRAWN, withdrawn_on=today)
    version = GuideVersion.objects.select_related("matter__department").get(pk=version.pk)
    record.note(version, GuideChange.Action.WITHDRAWN, by, note=reason)
    catalogue.settle_after_withdrawal(version.matter, today)
    _record(version)


def _record(version: GuideVersion) -> None:
    matter = version.matter
    outbox.record(
        MATTER_PUBLISHED,
        f"matter:{matter.uid}",
        {
            "matter": {"uid": str(matter.uid), "code": matter.code, "department": matter.department.code},
            "version": {
                "uid": str(version.uid),
                "number": version.number,
                "state": version.state,
                "content": version.content,
                "digest": version.digest,
                "effective_on": str(version.effective_on),
                "published_at": canonical.moment(version.published_at or timezone.now()),
                "published_by_name": version.published_by_name,
                "withdrawn_on": str(version.withdrawn_on) if version.withdrawn_on else None,
            },
        },
    )


@transaction.atomic
def publish_calendar(year: int, days: dict[date, tuple[bool, str]], *, announced: bool = True) -> None:
    """Enter a year's holiday notice: date -> (is it worked, note). Replaces what was entered for the year before.

    Deadlines that were provisional are counted anew from then on. ValueError for a day of another year.
    """
    if any(day.year != year for day in days):
        raise ValueError(f"放假安排里有不属于 {year} 年的日期。")
    store_calendar(year, days, announced=announced)
    outbox.record(
        CALENDAR_PUBLISHED,
        f"calendar:{year}",
        {
            "year": year,
            "announced": announced,
            "days": [{"date": str(d), "is_workday": work, "note": note} for d, (work, note) in sorted(days.items())],
        },
    )


def store_calendar(year: int, days: dict[date, tuple[bool, str]], *, announced: bool) -> None:
    """Replace a year's days; inside the caller's transaction. Both sides."""
    CalendarYear.objects.update_or_create(year=year, defaults={"announced": announced})
    CalendarDay.objects.filter(date__year=year).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(date=day, is_workday=work, note=note) for day, (work, note) in days.items()
    )
    revision.bump()
