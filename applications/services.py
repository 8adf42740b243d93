"""``perform``: the one function that moves a case, and so the only code that saves a state.

Always in this order, in one transaction: lock the row, compare what the form was shown with what is there, ask
whether the law allows the move, ask whether this person may, move, apply its effects, bring the clocks up to date,
save, write the Event, record the fact for the other network, freeze the documents it makes. Rendering comes after
the commit: a broken font must not stop an approval.
"""

from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications import actors, case_clocks, effects, evidence, issuing, licences, machine, needs, register, sync_facts
from applications.actors import Actor
from applications.errors import CaseMoved, DataMissing, NotAllowed, NotPossible
from applications.models import Application, Event
from applications.states import State
from sync import rows


def perform(
    pk: int | Application,
    action: str,
    *,
    actor: Actor,
    seen: str | None,
    at: datetime | None = None,
    render: bool = True,
    **data: Any,
) -> Application:
    """Make one move and return the case.

    ``seen`` is ``Application.seen`` as the person was shown it; None only where nobody looked (the system, a request
    that crossed the gap). ``pk`` may be the case itself where this transaction made it. ``at`` is the legal moment, aware; now when not given. Raises CaseMoved (409), NotPossible
    (409), NotAllowed (403) or DataMissing (422); then nothing has changed. ``render`` False leaves the PDFs to the next ``tick``.
    """
    at = at or timezone.now()
    with transaction.atomic():
        case = _locked(pk)
        case.acting_on = effects.day_of(at)
        _compare(case, seen)
        _check_known(action)
        _check_possible(case, action)
        _check_person(case, action, actor)
        actor = actors.answering(actor, lambda one: machine.permitted(case, action, one))
        _check_data(case, action, data)
        data = effects.derive(case, action, actor, data)
        evidence.check_data(data)
        event = _move(case, action, actor=actor, at=at, data=data)
        sync_facts.record_move(case, event)
        # Late, because the counter of a department's numbers stays locked from here to the end.
        issuing.freeze_documents(case, event, render=render)
        licences.fall_with(case, event)
        register.note(case, event)
    return case


def replay(
    pk: int | Application,
    action: str,
    *,
    actor: Actor,
    at: datetime,
    version: int,
    to_state: str,
    data: dict[str, Any],
) -> Application:
    """Repeat a move that the other side decided. Same machine, same effects; nothing is recorded to go back.

    ``pk`` may be the case itself where this transaction made it.

    Raises NotPossible when it does not fit what is here: the two sides have parted and a person must look.
    """
    with transaction.atomic():
        case = _locked(pk)
        case.acting_on, case.is_retold = effects.day_of(at), True
        if version != case.version + 1:
            raise NotPossible(f"这是第 {version} 次变动，本地只到第 {case.version} 次。")
        _check_possible(case, action)
        event = _move(case, action, actor=actor, at=at, data=data)
        if event.to_state != to_state:
            raise NotPossible(f"对方记录的状态是 {to_state}，本地得到 {event.to_state}。")
    return case


def check(case: Application, action: str, *, actor: Actor, seen: str) -> None:
    """Ask what ``perform`` will ask before its data is looked at: unchanged, possible, permitted. Changes nothing."""
    case.acting_on = effects.day_of(timezone.now())
    _compare(case, seen)
    _check_known(action)
    _check_possible(case, action)
    _check_person(case, action, actor)


def possible_moves(case: Application, actor: Actor, on: datetime | None = None) -> list[str]:
    """The moves this person can make on this case now, in the machine's order."""
    case.acting_on = effects.day_of(on or timezone.now())
    return [
        name for name in machine.moves() if not machine.refusal(case, name) and machine.permitted(case, name, actor)
    ]


_LOCKED = rows.Prepared(
    lambda pk: (
        Application.objects.select_for_update(of=("self",))
        .select_related("guide_version", "matter", "department")
        .defer("answers", "sections_done", "guide_version__content")
        .filter(pk=pk)
        .order_by()
    )
)


_NAMES = tuple(field.attname for field in Application._meta.concrete_fields)


def _locked(pk: int | Application) -> Application:
    """The case, locked, with what every move asks about; the large parts are read when somebody wants them.

    A case that this transaction made is nobody else's yet: it needs no lock and is not read again.
    """
    case = _read(pk) if isinstance(pk, int) else pk
    case.is_retold = False
    case.__dict__["_loaded"] = _columns(case)
    return case


def _read(pk: int) -> Application:
    found = _LOCKED(pk)
    if not found:
        raise Application.DoesNotExist(f"no application {pk}")
    return found[0]


def _columns(case: Application) -> dict[str, Any]:
    """The loaded columns; JSON as copies, so that a change inside is seen."""
    loaded = {name: case.__dict__[name] for name in _NAMES if name in case.__dict__}
    return {name: deepcopy(value) if isinstance(value, dict | list) else value for name, value in loaded.items()}


def _save(case: Application) -> None:
    """Write the columns that this move changed, and no other: encrypted ones cost."""
    before = case.__dict__.pop("_loaded")
    rows.update(
        case, ["saved_at", *(name for name, value in _columns(case).items() if before.get(name, case) != value)]
    )


def _compare(case: Application, seen: str | None) -> None:
    if seen is not None and seen != case.seen:
        raise CaseMoved(
            f"这件申请刚刚有了变化，现在的状态是“{case.state_label}”。请刷新后再办理，您填写的内容没有丢失。"
        )


def _check_known(action: str) -> None:
    if action not in machine.moves():
        raise NotPossible(f"没有“{action}”这个动作。")


def _check_possible(case: Application, action: str) -> None:
    sentence = machine.refusal(case, action)
    if sentence is not None:
        raise NotPossible(sentence)


def _check_person(case: Application, action: str, actor: Actor) -> None:
    if not machine.permitted(case, action, actor):
        raise NotAllowed(person_refusal(case, action, actor))


def person_refusal(case: Application, action: str, actor: Actor) -> str:
    """Why this person may not make this move, in a sentence."""
    if action in needs.DECISIONS and case.was_reviewed_by(actor):
        return "您审查过这件申请，决定应当由另一位工作人员作出。"
    return f"您的岗位不能对这件申请“{machine.label(action, case.state)}”。"


def _check_data(case: Application, action: str, data: dict[str, Any]) -> None:
    missing = needs.missing(case, action, data)
    if missing:
        raise DataMissing(missing)


def _move(case: Application, action: str, *, actor: Actor, at: datetime, data: dict[str, Any]) -> Event:
    before = State(case.state)
    method = getattr(case, action)
    method(review_finished=data["review_finished"]) if action == "pass_on" else method()
    effects.EFFECTS[action](case, data, at, actor)
    case_clocks.refresh(case, case.acting_on)
    case.version += 1
    note = sync_facts.public_note(action, data)
    event = evidence.record_move(case, action, before=before, actor=actor, at=at, note=note, data=data)
    _save(case)
    return event
