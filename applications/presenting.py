"""A case as pages and interfaces show it: timeline, clocks, route, answers. Reads only what it is handed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from applications import clocks
from applications.models import Application, Event, RouteStep
from applications.models.progress import ClockKind, StepStanding
from applications.states import State
from matters.workdays import Calendar

BAD = {"refuse", "refuse_intake", "terminate", "void", "lapse", "lapse_owed", "find_pledge_false"}


def timeline(events: Iterable[Event], *, inside: bool) -> list[dict[str, Any]]:
    """Newest first. ``inside`` adds the opinions that never leave the inner network."""
    rows = []
    for event in events:
        text = event.note
        if inside:
            text = "\n".join(part for part in (event.note, str(event.data.get("opinion", ""))) if part)
            text = text or str(event.data.get("reason", ""))
        kind = "bad" if event.action in BAD else "paused" if event.action == "pause" else "done"
        rows.append(
            {
                "title": event.label,
                "when": event.at,
                "who": event.actor_name,
                "text": text,
                "kind": kind,
            }
        )
    return rows[::-1]


def clock_rows(case: Application, today: date, days: Calendar) -> list[dict[str, Any]]:
    """Every limit of the case: what it is, from when, until when, what remains, whether it pauses."""
    # A pause that was opened after the legal limit stops nothing (C14).
    paused = any(pause.ended_on is None and not pause.too_late for pause in case.pauses.all())
    rows = []
    for clock in case.clocks.all():
        kind = ClockKind(clock.kind)
        running = clock.stopped_on is None
        rows.append(
            {
                "kind": clock.kind,
                "label": kind.label,
                "limit": clock.limit().words() + (f"＋延长 {clock.extension} 个工作日" if clock.extension else ""),
                "started_on": clock.started_on,
                "due": clock.due,
                "provisional": clock.provisional,
                "stopped_on": clock.stopped_on,
                "running": running,
                "paused": paused and running and kind in (ClockKind.LAW, ClockKind.PROMISE),
                "days_left": clocks.days_left(today, clock.due, days) if running else None,
            }
        )
    return rows


def light_of(case: Application, today: date, days: Calendar) -> tuple[str, str]:
    """Colour and word of the case's light (law.md §3.6); grey where no limit runs."""
    if case.is_ended:
        return "grey", "已结束"
    if case.state == State.SPECIAL and not _was_late_before(case, today):
        return "grey", "暂停计时"
    if case.next_due is None:
        return "grey", "等待补正" if case.state == State.CORRECTION else "不计时"
    law, promise = _running_limits(case, days)
    level = clocks.light(today, law, promise, days)
    word = {"green": "正常", "amber": "即将到期", "yellow": "超承诺", "red": "超法定"}[level]
    return {"amber": "yellow"}.get(level, level), word


def _was_late_before(case: Application, today: date) -> bool:
    """Whether the special procedure began after the limit: an open one would have moved the limit on (C14)."""
    return case.law_due is not None and today > case.law_due


def _running_limits(case: Application, days: Calendar) -> tuple[date | None, date | None]:
    """The law's and the promised last day of the stage the case is in: intake, review, delivery."""
    if case.state == State.DELIVERED:  # only the check of a pledge is left
        return None, case.next_due
    if case.decided_at is not None:
        decided = timezone.localdate(case.decided_at)
        return days.add_workdays(decided, clocks.DELIVERY.value), case.delivery_due
    if case.accepted_on is not None:
        return case.law_due, case.promise_due
    return case.silence_due, case.intake_due


def route_rows(steps: Iterable[RouteStep]) -> list[dict[str, Any]]:
    """The route as a stepper: name, office, standing; parallel steps share their number."""
    words = {
        StepStanding.PASSED: ("done", "已完成"),
        StepStanding.CURRENT: ("current", "办理中"),
        StepStanding.WAITING: ("todo", "未开始"),
    }
    return [
        {
            "title": step.name,
            "state": words[StepStanding(step.standing)][0],
            "hint": f"{step.department.short_name or step.department.name} · {words[StepStanding(step.standing)][1]}",
            "step": step,
        }
        for step in steps
    ]


def next_step(case: Application) -> str:
    """Who has the case now and what comes next, in words for the applicant."""
    organ = case.department.name
    words = {
        "SUBMITTED": f"前一步的事项办结后，由{organ}收件" if case.waits_its_turn else f"等待{organ}收件",
        "RECEIVED": f"{organ}窗口正在核对材料",
        "CORRECTION": "等待您补正材料",
        "RESUBMITTED": f"{organ}窗口正在核对补正材料",
        "ACCEPTED": f"{organ}即将开始审查",
        "TACIT_ACCEPTED": f"{organ}即将开始审查",
        "IN_REVIEW": _reviewing(case),
        "SPECIAL": "正在进行特别程序，时间不计入办理期限",
        "PENDING_DECISION": f"等待{organ}作出决定",
        "GRANTED": "已准予，等待送达",
        "REFUSED": "已作出决定，等待送达",
        "DELIVERED": "已送达",
    }
    return words.get(case.state, case.state_label)


def _reviewing(case: Application) -> str:
    current = [step for step in case.route_steps.all() if step.standing == StepStanding.CURRENT]
    offices = "、".join(dict.fromkeys(step.department.name for step in current)) or case.department.name
    return f"{offices}正在{'、'.join(dict.fromkeys(step.name for step in current)) or '审查'}"
