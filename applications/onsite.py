"""Checks by two or more named officers (行政许可法 34, 55): planned, then recorded. They stay on the inner side.

A check on site does not pause the clock (art. 45 does not name it). Officers who test, inspect or quarantine are to be
named within five working days of acceptance; the clock of that runs where the guide lists such a procedure.
"""

import uuid
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from applications import case_clocks, clocks, officers, route
from applications.actors import Actor
from applications.errors import DataMissing, NotPossible
from applications.models import Application, SiteCheck
from applications.models.progress import ClockKind
from applications.models.site_check import CheckKind
from applications.states import SpecialProcedure

Data = dict[str, Any]
LEAST = 2  # officers
TESTS = {SpecialProcedure.INSPECTION, SpecialProcedure.TESTING, SpecialProcedure.QUARANTINE}


def facts_of_planning(case: Application, actor: Actor, data: Data) -> Data:
    """The officers by name, the day, the step it is for. DataMissing for fewer than two different officers."""
    chosen = officers.named(case, [str(one) for one in data["officers"]])
    if len(chosen) < LEAST:
        raise DataMissing({"officers": "请指派两名以上不同的工作人员（行政许可法第三十四条第三款、第五十五条）。"})
    day = _day(data["check_on"])
    if data["check_kind"] == CheckKind.ONSITE and day < case.acting_on:
        raise DataMissing({"check_on": "核查日期不能早于今天；请先安排，再去核查。"})
    step = route.steps_of(case, actor)[0]
    return {
        "check": str(uuid.uuid4()),
        "check_on": day.isoformat(),
        "officers": [{"username": one.username, "name": one.name} for one in chosen],
        "step": [step.order, step.department.code],
    }


def _day(value: str | date) -> date:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise DataMissing({"check_on": "请填写核查日期，例如 2026-03-20。"}) from error


def facts_of_recording(case: Application, actor: Actor, data: Data) -> Data:
    """Nothing new; DataMissing for a check that is not planned, or whose day has not come."""
    check = next((one for one in case.site_checks.filter(recorded_at=None) if str(one.uid) == str(data["check"])), None)
    if check is None:
        raise DataMissing({"check": "请选择一次还没有记录的核查。"})
    if case.acting_on < check.check_on:
        raise DataMissing({"check": f"核查定在 {check.check_on}，到了那一天才能记录。"})
    return {}


def plan(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    day = timezone.localdate(at)
    if data["check_kind"] == CheckKind.TESTING:
        case_clocks.stop(case, (ClockKind.TESTING,), day)
    if "officers" not in data:
        return
    order, department = data["step"]
    SiteCheck.objects.create(
        uid=data["check"],
        application=case,
        kind=CheckKind(data["check_kind"]),
        step_order=order,
        step_department=department,
        check_on=date.fromisoformat(data["check_on"]),
        officers=data["officers"],
        assigned_on=day,
    )


def record(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    if "findings" not in data:
        return
    case.site_checks.filter(uid=data["check"]).update(
        findings=data["findings"], result=data["result"], recorded_at=at, recorded_by=actor.name
    )


def start_clock(case: Application, accepted_on: date) -> None:
    """Five working days to name who tests (art. 55(2)), where the guide lists such a procedure."""
    if TESTS.intersection(case.special_procedures_allowed()):
        case_clocks.start(case, ClockKind.TESTING, accepted_on, clocks.TESTERS)


def require_checks(case: Application, actor: Actor) -> None:
    """NotPossible when a step that this person is about to pass lacks the check it asks for (parallel steps each their own)."""
    for step in route.steps_of(case, actor):
        if case.lacks_check_of(step.order, step.department.code, step.onsite):
            raise NotPossible(
                f"“{step.name}”要求现场核查，两名以上工作人员的核查记录还没有完成（行政许可法第三十四条第三款）。"
            )
