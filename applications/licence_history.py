"""A licence's history as pages and interfaces show it. Reads only what it is handed."""

from typing import Any

from applications import grounds
from applications.models import Licence, LicenceChange
from applications.models.licence import ChangeKind

BAD = (ChangeKind.REVOKED, ChangeKind.WITHDRAWN, ChangeKind.CANCELLED)


def rows(licence: Licence) -> list[dict[str, Any]]:
    """Newest first, the grant last; entries of components/timeline.html."""
    granted = licence.application.decided_at
    first = {
        "title": f"颁发《{licence.name}》",
        "when": granted,
        "who": licence.application.department.name,
        "kind": "done",
    }
    return [*(_row(one) for one in reversed(licence.changes.all())), first]


def _row(change: LicenceChange) -> dict[str, Any]:
    return {
        "title": f"{change.get_kind_display()}（{change.on.year}年{change.on.month}月{change.on.day}日）",
        "when": None,
        "who": change.by_name,
        "text": "\n".join(_lines(change)),
        "kind": "bad" if change.kind in BAD else "done",
    }


def _lines(change: LicenceChange) -> list[str]:
    lines = [f"{label}：{change.old.get(label) or '（无）'} → {new}" for label, new in change.new.items()]
    words = grounds.words_of(change.kind, change.ground)
    return [*lines, *([f"情形：{words}"] if words else []), *([change.reason] if change.reason else [])]
