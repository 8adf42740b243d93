"""What each move changes besides the state: dated facts, clocks, route. Same code on both sides of the gap.

The deciding side adds what the other side cannot know to ``data`` first (``derive``); the effects read ``data`` only,
so that a move told to the other side leads to the same facts there.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from applications import (
    case_clocks,
    clocks,
    deferral,
    first_examination,
    fixes,
    joint_handling,
    licence_terms,
    needs,
    notices_again,
    onsite,
    pledges,
    procedure,
    quota,
    route,
)
from applications.actors import Actor
from applications.clocks import Limit
from applications.desk import finding
from applications.errors import DataMissing
from applications.models import Application, Correction, Pause, Request
from applications.models.progress import ClockKind
from applications.models.request import RequestState
from applications.requested_changes import apply_changes
from applications.states import GRANTS, FinishKind, SpecialProcedure
from matters import calendar

Data = dict[str, Any]
Effect = Callable[[Application, Data, datetime, Actor], None]


def day_of(at: datetime) -> date:
    """The legal day of a moment, in the hall's time zone."""
    return timezone.localtime(at).date()


# --- what only the deciding side knows
def derive(case: Application, action: str, actor: Actor, data: Data) -> Data:
    """Add the derived facts of this move to its data. Raises NotAllowed or DataMissing."""
    if action == "pass_on":
        onsite.require_checks(case, actor)
        return data | route.facts_of_passing(case, actor)
    if action == "send_back":
        return data | {"to_order": _earlier_order(case, data.get("to_order")), "walk": _walk(data)}
    if action == "pause":
        return data | {"expected_end": _expected_end(case, data), "too_late": _is_too_late(case)}
    data = needs.without_needless(case, action, data)
    if action in GRANTS:
        quota.hold(Application.objects, case)
    if action in procedure.DERIVE:
        return data | procedure.DERIVE[action](case, actor, data)
    return DERIVED[action](case, data) if action in DERIVED else data


def _is_too_late(case: Application) -> bool:
    """A special procedure opened after the legal limit cures nothing (C14)."""
    return case.law_due is not None and case.acting_on > case.law_due


def _on_the_same_day(case: Application, data: Data) -> Data:
    return data | {"same_day": needs.is_same_day(case)}


DERIVED: dict[str, Callable[[Application, Data], Data]] = {
    "fix_on_spot": fixes.derive,
    "ask_correction": notices_again.derive,
    "refuse_intake": _on_the_same_day,
    "tell_not_required": _on_the_same_day,
    "accept": pledges.derive_accept,
    "grant_at_once": pledges.derive_accept,
    "accept_with_deferral": deferral.derive_accept,
    "supply_owed": deferral.derive_supply,
    "check_owed": deferral.derive_check,
}


def _earlier_order(case: Application, wanted: object) -> int:
    if wanted in (None, ""):
        return case.previous_order() or 0
    earlier = {step.order for step in case.route_steps.all() if step.order <= (case.previous_order() or 0)}
    if not str(wanted).isdigit() or int(str(wanted)) not in earlier:
        raise DataMissing({"to_order": "请选择当前环节之前的一个环节。"})
    return int(str(wanted))


def _walk(data: Data) -> str:
    if data.get("walk") not in (None, "", "again", "direct"):
        raise DataMissing({"walk": "请选择退回之后怎样继续。"})
    return data.get("walk") or "again"


def _expected_end(case: Application, data: Data) -> str:
    if data["procedure"] not in case.special_procedures_allowed():
        raise DataMissing({"procedure": "这一特别程序不在本事项办事指南列出的范围内（行政许可法第四十五条）。"})
    if not str(data["expected_days"]).isdigit() or not 1 <= int(data["expected_days"]) <= 365:
        raise DataMissing({"expected_days": "请填写 1 到 365 之间的工作日数。"})
    return calendar.current().add_workdays(case.acting_on, int(data["expected_days"])).isoformat()


# --- intake
def submit(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    case.submitted_at = at
    case.renewal_due = licence_terms.decide_until(case, day_of(at))
    if settings.HALL_SIDE == "inner":
        finding.index(case)
    if not case.waits_its_turn:
        _start_intake(case, day_of(at))


def receive(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """Nothing more than a move, but for a member of a joint case that waited for others: its limits begin."""
    if case.waits_its_turn:
        case.turn_at = at
        _start_intake(case, day_of(at))


def _start_intake(case: Application, day: date) -> None:
    promised = Limit(case.guide_version.guide.acceptance_limit)
    limits = ((ClockKind.INTAKE, day, promised), (ClockKind.SILENCE, day, clocks.INTAKE_SILENCE))
    case_clocks.start_all(case, *limits)


def ask_correction(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    case_clocks.stop(case, (ClockKind.INTAKE, ClockKind.SILENCE), day_of(at))
    if case.correction_asked_on is not None:
        notices_again.list_again(case, data, day_of(at))
        return
    case.correction_asked_on = day_of(at)
    Correction.objects.bulk_create(
        Correction(
            application=case,
            target=item["target"],
            label=item["label"],
            problem=item["problem"],
            remedy=item.get("remedy", ""),
        )
        for item in data["items"]
    )
    case_clocks.start(case, ClockKind.CORRECTION, day_of(at), case_clocks.CORRECTION)


def supplement(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    request = Request.objects.get(uid=data["request"])
    apply_changes(case, request)
    case.corrections.update(supplied=True)
    case.supplied_at = at
    case_clocks.stop(case, (ClockKind.CORRECTION,), day_of(at))
    _start_intake(case, day_of(at))


def accept(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """Accepted on the day of the act; after a correction on the day everything was supplied (C06)."""
    case.way = data.get("way", case.way)
    _accepted(case, case.supplied_at or at, day_of(at))


def accept_with_deferral(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    accept(case, data, at, actor)
    deferral.owe(case, data)


def fix_on_spot(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    fixes.apply(case, data)


def deem_accepted(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """From the day of receipt, not from the sixth day (C05)."""
    since = case.supplied_at or case.counted_from
    if since is None:
        raise ValueError("a case in intake has been submitted")
    _accepted(case, since, day_of(at))


def _accepted(case: Application, accepted_at: datetime, today: date) -> None:
    case.accepted_at, case.accepted_on = accepted_at, day_of(accepted_at)
    accepted_on = case.accepted_on
    guide = case.guide_version.guide
    case_clocks.stop(case, (ClockKind.INTAKE, ClockKind.SILENCE), today)
    law = joint_handling.law_limit(case)
    promise = Limit(guide.promised_limit.value, guide.promised_limit.unit)
    case_clocks.start_all(case, (ClockKind.LAW, accepted_on, law), (ClockKind.PROMISE, accepted_on, promise))
    onsite.start_clock(case, accepted_on)
    first_examination.start_clock(case, accepted_on)
    route.freeze(case)


# --- review
def pass_on(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    route.pass_steps(case, data["passed"], by=actor, opinion=data.get("opinion", ""), at=at, day=day_of(at))


def send_back(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    route.go_back(case, data["to_order"], day=day_of(at), is_direct=data.get("walk") == "direct")


def pause(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    Pause.objects.create(
        application=case,
        procedure=SpecialProcedure(data["procedure"]),
        reason=data["reason"],
        began_on=day_of(at),
        expected_end=date.fromisoformat(data["expected_end"]),
        by=actor.name,
        too_late=data.get("too_late", False),
    )


def resume(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    running = case.pauses.filter(ended_on=None).exclude(procedure=SpecialProcedure.HEARING)  # ends with its hearing
    running.update(ended_on=day_of(at))


def extend(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    case.extended_on = day_of(at)
    case_clocks.extend_law(case, joint_handling.extension(case))


# --- decision, delivery, ends
UNTIL_DECISION = (
    *(ClockKind.LAW, ClockKind.PROMISE, ClockKind.HEARING_ASK),
    *(ClockKind.TESTING, ClockKind.FIRST_EXAMINATION),
)


def decide(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    case.decided_at = at
    if data.get("overrun_reason"):
        case.overrun_explained_on = day_of(at)
    route.finish(case, by=actor, opinion=data.get("opinion") or data.get("reason", ""), at=at)
    case_clocks.stop(case, UNTIL_DECISION, day_of(at))
    case_clocks.start(case, ClockKind.DELIVERY, day_of(at), _delivery_limit(case))


def deem_renewed(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """As a decision; silence in intake was acceptance from the day of receipt before it was renewal (C05)."""
    since = case.supplied_at or case.submitted_at
    if case.accepted_on is None and since is not None:
        case.accepted_at, case.accepted_on = since, day_of(since)
    case.pauses.filter(ended_on=None).update(ended_on=day_of(at))
    case_clocks.stop(case, (ClockKind.INTAKE, ClockKind.SILENCE), day_of(at))
    decide(case, data, at, actor)


def grant(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """A decision in the applicant's favour; one that rests on a pledge is checked afterwards."""
    decide(case, data, at, actor)
    pledges.open_check(case, day_of(at))


def grant_at_once(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """Accepted and decided in one act (C08); its one step is the decision."""
    accept(case, data, at, actor)
    case_clocks.refresh(case, day_of(at))  # the paper of acceptance names the dates that the decision then stops
    route.begin(case, day=day_of(at))
    grant(case, data, at, actor)


def publish_overrun(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """The public was told why the promised day was missed."""
    case.overrun_explained_on = day_of(at)


def _delivery_limit(case: Application) -> Limit:
    promised = case.guide_version.guide.outcome.delivery_days
    return Limit(min(promised, clocks.DELIVERY.value)) if promised else clocks.DELIVERY


def deliver(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    case.delivered_at = at
    case_clocks.stop(case, (ClockKind.DELIVERY,), day_of(at))


def ending(kind: FinishKind | None) -> Effect:
    """The case ends; ``None`` leaves the kind to the outcome (a licence or not)."""

    def effect(case: Application, data: Data, at: datetime, actor: Actor) -> None:
        case.ended_at = at
        case.finish_kind = kind or _finish_of_decision(case)
        case_clocks.stop_all(case, day_of(at))
        case.pauses.filter(ended_on=None).update(ended_on=day_of(at))
        _answer_request(case, data, at)

    return effect


def _finish_of_decision(case: Application) -> FinishKind:
    granted = case.events.filter(action__in=GRANTS).exists()
    licensed = granted and case.guide_version.guide.outcome.type == "10"
    return FinishKind.LICENSED if licensed else FinishKind.FINISHED


def _answer_request(case: Application, data: Data, at: datetime) -> None:
    if data.get("request"):
        case.requests.filter(uid=data["request"]).update(standing=RequestState.DONE, answered_at=at)


def both(first: Effect, then: Effect) -> Effect:
    """Two effects, one after the other."""

    def effect(case: Application, data: Data, at: datetime, actor: Actor) -> None:
        first(case, data, at, actor)
        then(case, data, at, actor)

    return effect


def nothing(case: Application, data: Data, at: datetime, actor: Actor) -> None:
    """The move is its state."""


EFFECTS: dict[str, Effect] = {
    "submit": submit,
    "receive": receive,
    "fix_on_spot": fix_on_spot,
    "ask_correction": ask_correction,
    "supplement": supplement,
    "accept": accept,
    "accept_with_deferral": accept_with_deferral,
    "deem_accepted": deem_accepted,
    "refuse_intake": ending(FinishKind.RETURNED),
    "tell_not_required": ending(FinishKind.RETURNED),
    "lapse": ending(FinishKind.NOT_SUPPLIED),
    "pass_on": pass_on,
    "send_back": send_back,
    "pause": pause,
    "resume": resume,
    "extend": extend,
    "transfer_up": ending(FinishKind.TRANSFERRED),
    "grant_at_once": grant_at_once,
    "grant": grant,
    "refuse": decide,
    "deem_renewed": deem_renewed,
    "deliver": deliver,
    "close": ending(None),
    "withdraw": ending(FinishKind.RETURNED),
    "terminate": ending(FinishKind.FINISHED),
    "void": ending(FinishKind.VOIDED),
    "supply_owed": deferral.supply,
    "check_owed": deferral.check,
    "remind_owed": deferral.remind,
    "lapse_owed": ending(FinishKind.NOT_SUPPLIED),
    "publish_overrun": publish_overrun,
    "confirm_pledge": both(pledges.confirm, ending(None)),
    "find_pledge_false": both(pledges.find_false, ending(FinishKind.VOIDED)),
} | procedure.EFFECTS
