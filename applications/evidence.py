"""The record of every act: an Event in the hash chain of its case. An act that cannot be recorded does not happen.

Each Event's digest covers everything it says and the digest of the one before, so a row that is altered, removed or put
elsewhere breaks the chain behind it; the head (count and last digest) is kept on the case.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from applications import acts
from applications.actors import Actor
from applications.errors import DataMissing
from applications.models import Application, Event
from sync import canonical, rows


def record_move(
    case: Application, action: str, *, before: str, actor: Actor, at: datetime, note: str, data: dict[str, Any]
) -> Event:
    """Record a move of the machine; ``perform`` has the case locked, moved, and saves it (with the new head) afterwards."""
    return _append(case, action, before=before, is_move=True, actor=actor, at=at, note=note, data=data)


def record_act(
    case: Application,
    action: str,
    *,
    actor: Actor,
    at: datetime | None = None,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Record one of ``acts.LABELS`` on a case that the caller has locked. KeyError for an act that has no label.

    ``note`` is what the applicant may read; ``data`` stays inside and must be JSON without floats.
    """
    acts.label(action)
    event = _append(
        case, action, before=case.state, is_move=False, actor=actor, at=at or timezone.now(), note=note, data=data or {}
    )
    rows.update(case, ["event_count", "event_head"])
    return event


def check_data(data: dict[str, Any]) -> None:
    """DataMissing for what has no place in a record: fractions, dates that are not text, NUL, half characters."""
    wrong = {name: problem for name, value in data.items() if (problem := _problem_of(value))}
    if wrong:
        raise DataMissing(wrong)


def _problem_of(value: Any) -> str:
    try:
        text = canonical.encode(value)
    except canonical.NotCanonical as error:
        return f"这一项的内容不能记入办件记录（{error}）。小数、日期和时间请写成文本。"
    # In JSON a backslash that was typed is doubled: what is left after taking the pairs out is a real NUL.
    return "这一项里有不可见的空字符，请删除后再提交。" if b"\\u0000" in text.replace(b"\\\\", b"") else ""


def digest_of(event: Event, case_uid: str) -> str:
    """The SHA-256 (hex) of everything an event says, of its case and of the digest before it."""
    return canonical.sha256(said_by(event, case_uid))


def said_by(event: Event, case_uid: str) -> dict[str, Any]:
    """Everything an event says, as JSON values: what its digest covers."""
    return {
        "case": case_uid,
        "place": event.place,
        "version": event.version,
        "is_move": event.is_move,
        "action": event.action,
        "from": str(event.from_state),
        "to": str(event.to_state),
        "at": canonical.moment(event.at),
        "recorded_at": canonical.moment(event.recorded_at),
        "actor": [event.actor_kind, event.actor_name],
        "note": event.note,
        "data": event.data,
        "previous": event.previous,
    }


def _append(
    case: Application,
    action: str,
    *,
    before: str,
    is_move: bool,
    actor: Actor,
    at: datetime,
    note: str,
    data: dict[str, Any],
) -> Event:
    if not connection.in_atomic_block:
        raise RuntimeError("an act is recorded in the transaction that makes it")
    event = Event(
        application=case,
        place=case.event_count + 1,
        version=case.version,
        is_move=is_move,
        action=action,
        from_state=before,
        to_state=case.state,
        at=at,
        recorded_at=timezone.now(),
        actor_kind=actor.kind,
        actor_name=actor.name,
        note=note,
        data=data,
        previous=case.event_head,
    )
    event.digest = digest_of(event, str(case.uid))
    rows.insert(event)
    case.event_count, case.event_head = event.place, event.digest
    return event
