"""The record of changes to guides (备案): who did what, when, to which fields."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from identity.models import User
from matters.checks import types
from matters.guide import GUIDE_FIELDS
from matters.models import GuideChange, GuideVersion

# Autosaves of one sitting are one row: an hour of typing is not two hundred changes.
ONE_SITTING = timedelta(minutes=30)
BESIDE_THE_GUIDE = ("header", "form", "scenario")


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The guide fields, and ``header``, ``form`` and ``scenario``, that differ between two contents.

    A default that one content writes out and the other leaves open is no difference.
    """
    old, unread_old = _said(before)
    new, unread_new = _said(after)
    unread = unread_old | unread_new  # of a wrong type: compared as they stand
    return [
        name
        for name in (*GUIDE_FIELDS, *BESIDE_THE_GUIDE)
        if (_as_it_stands(before, name) != _as_it_stands(after, name) if name in unread else old[name] != new[name])
    ]


def _said(content: Mapping[str, Any]) -> tuple[dict[str, Any], set[str]]:
    parsed, _problems, unread = types.read(content)
    said = parsed.model_dump(mode="json")
    return said["guide"] | {name: said[name] for name in BESIDE_THE_GUIDE}, unread


def _as_it_stands(content: Mapping[str, Any], name: str) -> Any:
    return content.get(name) if name in BESIDE_THE_GUIDE else (content.get("guide") or {}).get(name)


def note(
    version: GuideVersion,
    action: str,
    by: User | str,
    *,
    fields: Sequence[str] = (),
    note: str = "",
    at: datetime | None = None,
) -> GuideChange:
    """Write a row, inside the caller's transaction. Edits that one person makes within half an hour share a row."""
    who = by if isinstance(by, User) else None
    now = at or timezone.now()
    last = version.changes.first()
    if last is not None and action == GuideChange.Action.EDITED and _same_sitting(last, who, str(by)):
        last.fields = [*last.fields, *(name for name in fields if name not in last.fields)]
        last.at = now
        last.save(update_fields=["fields", "at"])
        return last
    return GuideChange.objects.create(
        version=version, action=action, by=who, by_name=str(by), at=now, fields=list(fields), note=note
    )


def _same_sitting(last: GuideChange, who: User | None, name: str) -> bool:
    is_same_person = (last.by_id, last.by_name) == (who.pk if who else None, name)
    return is_same_person and last.action == GuideChange.Action.EDITED and timezone.now() - last.at <= ONE_SITTING


def note_imports(rows: Iterable[tuple[GuideVersion, Sequence[str]]], by: User | None, by_name: str, note: str) -> None:
    """Write a row for each imported draft with the fields that changed, all at once, inside the caller's transaction."""
    now = timezone.now()
    GuideChange.objects.bulk_create(
        GuideChange(
            version=version,
            action=GuideChange.Action.IMPORTED,
            by=by,
            by_name=by_name,
            at=now,
            fields=list(fields),
            note=note,
        )
        for version, fields in rows
    )
