"""What the face of a licence says, and the next face after a renewal or a change. The frozen document is the truth."""

from datetime import date
from typing import Any

from applications import licence_terms
from applications.models import Application, Licence
from applications.models.application import Purpose

Face = dict[str, Any]
# What a change may ask for, and its name for people.
CHANGEABLE: dict[str, str] = {
    "holder": "名称（姓名）",
    "legal_representative": "法定代表人",
    "address": "地址",
    "scope": "许可内容",
}
SCOPE_LINE = "许可事项"
KEPT = ("licence_name", "licence_number", "holder", "holder_code", "legal_representative", "address", "lines")


def values(licence: Licence) -> dict[str, str]:
    """What the present face says of each thing that can be changed; empty where it says nothing."""
    content = licence.document.content
    said = {name: str(content.get(name) or "") for name in CHANGEABLE}
    scope = next((line["value"] for line in content.get("lines", []) if line["label"] == SCOPE_LINE), "")
    return said | {"scope": scope}


def next_face(case: Application, decided_on: date) -> Face:
    """The face that the grant of a renewal or a change makes: same number, what was asked for, the new last day."""
    licence = _licence(case)
    content = licence.document.content
    face: Face = {name: content[name] for name in KEPT if name in content}
    for one in case.change_asked if case.purpose == Purpose.CHANGE else ():
        _change(face, one["field"], one["new"])
    return face | {"valid_from": licence.valid_from, "valid_to": last_day(case, decided_on)}


def last_day(case: Application, decided_on: date) -> date | None:
    """The licence's last day after the grant of this case."""
    licence = _licence(case)
    if case.purpose == Purpose.RENEWAL:
        return licence_terms.renewed_period(case, licence, decided_on)[1]
    return licence.valid_to


def change_rows(case: Application) -> list[dict[str, str]]:
    """What a change asks for, as people read it: label, old, new."""
    return [{"label": CHANGEABLE[one["field"]], "old": one["old"], "new": one["new"]} for one in case.change_asked]


def _licence(case: Application) -> Licence:
    if case.about_licence is None:
        raise ValueError("a renewal or a change is about a licence")
    return case.about_licence


def _change(face: Face, field: str, new: str) -> None:
    if field != "scope":
        face[field] = new
        return
    others = [line for line in face.get("lines", []) if line["label"] != SCOPE_LINE]
    face["lines"] = [{"label": SCOPE_LINE, "value": new}, *others]
