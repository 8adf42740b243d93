"""Raise the alerts that are due, and end those whose cause has gone. Run by ``tick`` on the inner side.

Every rule is one query over indexed dates: cases that are not due cost nothing. Raising twice is raising once.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q, QuerySet

from applications.models import Alert, Application, RouteStep
from applications.models.progress import StepStanding
from applications.states import DECIDED, INTAKE, OPEN, State
from applications.supervision.rules import BY_CODE, SOON_WORKDAYS
from matters import calendar

RUNNING = tuple(state for state in OPEN if state not in (State.SPECIAL, State.CORRECTION))
UNDECIDED = Q(decided_at=None, accepted_on__isnull=False)
# Rule → (which limit, the condition on a case with ``today``).
OVERRUN: dict[str, tuple[str, str, Q]] = {
    "H01": ("intake", "intake_due", Q(state__in=INTAKE)),
    "H02": ("promise", "promise_due", UNDECIDED),
    "H04": ("delivery", "delivery_due", Q(state__in=DECIDED)),
    "R01": ("law", "law_due", UNDECIDED),
}


def watch(today: date) -> int:
    """Raise what is due and end what is over; how many alerts are new."""
    end_what_is_over(today)
    rows = [*_soon(today), *_overrun(today), *_steps(today), *_deemed(today)]
    before = Alert.objects.count()
    Alert.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return Alert.objects.count() - before


def _soon(today: date) -> Iterator[Alert]:
    last = calendar.current().add_workdays(today, SOON_WORKDAYS)
    due = Application.objects.filter(state__in=RUNNING, next_due__gte=today, next_due__lte=last)
    for case in _lean(due.exclude(alerts__rule="Y01", alerts__due=F("next_due"))):
        yield _alert("Y01", case, "next", case.next_due, today)


def _overrun(today: date) -> Iterator[Alert]:
    for rule, (about, column, condition) in OVERRUN.items():
        late = Application.objects.filter(condition, state__in=RUNNING, next_due__lt=today, **{f"{column}__lt": today})
        for case in _lean(late.exclude(alerts__rule=rule, alerts__due=F(column))):
            yield _alert(rule, case, about, getattr(case, column), today)


def _steps(today: date) -> Iterator[Alert]:
    late = RouteStep.objects.filter(standing=StepStanding.CURRENT, due__lt=today, application__state__in=RUNNING)
    for step in late.select_related("application", "department"):
        alert = _alert("H03", step.application, f"step:{step.order}:{step.department.code}", step.due, today)
        alert.department, alert.step = step.department, step.name
        yield alert


def _deemed(today: date) -> Iterator[Alert]:
    for case in _lean(Application.objects.filter(state=State.TACIT_ACCEPTED).exclude(alerts__rule="R02")):
        yield _alert("R02", case, "silence", case.accepted_on, today)


def _lean(cases: QuerySet[Application]) -> Iterator[Application]:
    columns = ("state", "next_due", "intake_due", "promise_due", "delivery_due", "law_due", "accepted_on", "department")
    return cases.only(*columns).iterator(chunk_size=500)


def _alert(rule: str, case: Application, about: str, due: date | None, today: date) -> Alert:
    known = BY_CODE[rule]
    return Alert(
        application_id=case.pk,
        rule=rule,
        about=f"{about}:{due}",
        level=known.level,
        department_id=case.department_id,
        due=due or today,
        raised_on=today,
    )


def end_what_is_over(today: date) -> int:
    """End the alerts whose case has gone on; an overrun that happened stays on record as ended. How many ended."""
    ended = 0
    for alert in Alert.objects.filter(ended_on=None).select_related("application").iterator(chunk_size=500):
        if not _stands(alert):
            ended += Alert.objects.filter(pk=alert.pk, ended_on=None).update(ended_on=today)
    return ended


def _stands(alert: Alert) -> bool:
    case = alert.application
    if case.is_ended:
        return False
    if alert.rule == "Y01":
        return case.next_due == alert.due
    if alert.rule == "R02":
        return case.decided_at is None
    if alert.rule == "H03":
        _word, order, code, _due = alert.about.split(":", 3)
        steps = case.route_steps.filter(order=order, department__code=code, standing=StepStanding.CURRENT)
        return steps.filter(due=alert.due).exists()
    about, column, _condition = OVERRUN[alert.rule]
    limit_over = {"intake": case.accepted_on, "delivery": case.delivered_at}.get(about, case.decided_at)
    return limit_over is None and getattr(case, column) == alert.due
