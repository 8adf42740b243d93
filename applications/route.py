"""The route of a case: the review and decide steps of guide field 13, frozen into rows when it is accepted.

Steps of one order run in parallel and all must pass. The last decide step is the decision; a decide step before
it (an office head's sign-off, say) is walked like a review step.
"""

from datetime import date, datetime

from applications.actors import Actor
from applications.errors import NotAllowed, NotPossible
from applications.models import Application, RouteStep
from applications.models.progress import StepStanding
from applications.states import Way
from identity.models import Department
from sync import rows


def freeze(case: Application) -> None:
    """Write the steps of the case's guide version as rows; a department that is not named is the case's own."""
    steps = [step for step in case.guide.procedure if step.kind in _kinds(case)]
    decision = max((step.order for step in steps if step.kind == "decide"), default=None)
    rows.insert_all(
        [
            RouteStep(
                application_id=case.pk,
                order=step.order,
                kind="decide" if step.order == decision and step.kind == "decide" else "review",
                name=step.name,
                role=step.role,
                department=(department := _department(step.department, case)),
                is_foreign=department != case.department,
                working_days=step.working_days,
                onsite=step.onsite,
            )
            for step in steps
        ]
    )


def _kinds(case: Application) -> tuple[str, ...]:
    """On a pledge nothing is reviewed first: only the decision is left (告知承诺)."""
    return ("decide",) if case.way == Way.PLEDGE else ("review", "decide")


def begin(case: Application, *, day: date) -> None:
    """Make the first group current, where nobody passes the case on."""
    for step in next_group(case, -1):
        step.standing, step.began_on = StepStanding.CURRENT, day
        step.save(update_fields=["standing", "began_on"])


def _department(name: str, case: Application) -> Department:
    if not name or name == case.department.name:
        return case.department
    found = Department.objects.filter(name=name).first()
    if found is None:  # renamed or merged since the guide was published
        raise NotPossible(
            f"办事指南写明由“{name}”办理一个环节，部门名录里已经没有它。请系统管理员核对部门名称后再办理。"
        )
    return found


# In their order, with their departments.
_STEPS = rows.Prepared(lambda pk: RouteStep.objects.filter(application_id=pk).select_related("department"))


def current(case: Application) -> list[RouteStep]:
    """The steps being worked on; more than one while departments work in parallel."""
    return [step for step in _STEPS(case.pk) if step.standing == StepStanding.CURRENT]


def steps_of(case: Application, actor: Actor) -> list[RouteStep]:
    """The current steps that this actor's posts answer."""
    return [step for step in current(case) if actor.holds(step.role, frozenset({step.department_id}))]


def next_group(case: Application, after: int) -> list[RouteStep]:
    """The steps of the lowest order above ``after``."""
    later = [step for step in _STEPS(case.pk) if step.order > after]
    return [step for step in later if step.order == later[0].order]


def facts_of_passing(case: Application, actor: Actor) -> dict[str, object]:
    """What passing on now means: which steps pass, and whether only the decision is left. No row is changed."""
    open_steps = current(case)
    passing = steps_of(case, actor)
    if open_steps and not passing:
        raise NotAllowed("当前环节不由您的岗位办理。")
    left = {step.pk for step in open_steps} - {step.pk for step in passing}
    following = following_group(case, open_steps)
    finished = not left and all(step.kind == "decide" for step in following)
    return {"passed": [[step.order, step.department.code] for step in passing], "review_finished": finished}


def pass_steps(
    case: Application, passed: list[list[object]], *, by: Actor, opinion: str, at: datetime, day: date
) -> None:
    """Mark the steps as passed and, when their group is done, make the next group current."""
    open_steps = current(case)
    keys = {(order, code) for order, code in passed}
    for step in open_steps:
        if (step.order, step.department.code) in keys:
            _close(step, by=by, opinion=opinion, at=at)
    if all(step.standing == StepStanding.PASSED for step in open_steps):
        for step in following_group(case, open_steps):
            step.standing, step.began_on = StepStanding.CURRENT, day
            rows.update(step, ["standing", "began_on"])


def following_group(case: Application, open_steps: list[RouteStep]) -> list[RouteStep]:
    """What comes after the current steps: the next group, or the one that sent them back without walking again."""
    if not open_steps:
        return next_group(case, -1)
    back = open_steps[0].return_to
    if back is None:
        return next_group(case, open_steps[0].order)
    return [step for step in _STEPS(case.pk) if step.order == back and step.standing != StepStanding.PASSED]


def _close(step: RouteStep, *, by: Actor, opinion: str, at: datetime) -> None:
    step.standing, step.passed_by, step.opinion, step.passed_at = StepStanding.PASSED, by.name, opinion, at
    step.passed_user_id = by.user_id
    rows.update(step, ["standing", "passed_by", "opinion", "passed_at", "passed_user_id"])


def go_back(case: Application, to_order: int, *, day: date, is_direct: bool = False) -> None:
    """Make the steps of ``to_order`` current again; what lies between waits anew, or when ``is_direct`` stays passed and is
    skipped on the way back."""
    here = case.route_steps.filter(standing=StepStanding.CURRENT)
    from_order = here.values_list("order", flat=True).first()
    waiting = here if is_direct else case.route_steps.filter(order__gt=to_order)
    waiting.update(standing=StepStanding.WAITING, began_on=None, due=None, return_to=None)
    case.route_steps.filter(order=to_order).update(
        standing=StepStanding.CURRENT, began_on=day, passed_at=None, return_to=from_order if is_direct else None
    )


def finish(case: Application, *, by: Actor, opinion: str, at: datetime) -> None:
    """The decision: close the decide step."""
    for step in current(case):
        _close(step, by=by, opinion=opinion, at=at)
