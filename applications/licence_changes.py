"""A licence after the grant of its renewal or change: new period or content, new face, a line of history. Inner side."""

from typing import Any

from applications import licence_faces
from applications.effects import day_of
from applications.errors import NotPossible
from applications.models import Application, Document, Event, Licence, LicenceChange
from applications.models.application import Purpose
from applications.models.licence import ChangeKind, LicenceState


def hold(case: Application) -> None:
    """Lock the licence that a case is about, as it is now, before anything is written from it: a renewal and a change that are
    granted in one moment must each see what the other did. NotPossible when the licence has ended meanwhile."""
    rows = Licence.objects.select_for_update(of=("self",)).select_related("document")
    case.about_licence = licence = rows.get(later_applications=case)
    if licence.standing != LicenceState.VALID:
        raise NotPossible(f"这份证照{licence.get_standing_display()}，不能再{case.get_purpose_display()}。")


def take_grant(case: Application, event: Event, face: Document) -> Licence:
    """Bring the licence, held before, up to what its renewal or change granted, in the transaction of the move (art. 49, 50)."""
    licence = case.about_licence
    if licence is None:
        raise ValueError("a renewal or a change is about a licence")
    renewing = case.purpose == Purpose.RENEWAL
    old, new = _period(case, licence, event) if renewing else _content(case)
    licence.valid_to = licence_faces.last_day(case, day_of(event.at))
    licence.holder = face.content["holder"]
    licence.document, licence.version = face, licence.version + 1
    licence.save(update_fields=["valid_to", "holder", "document", "version"])
    add(licence, _kind(case, event), event, application=case, old=old, new=new)
    return licence


def add(
    licence: Licence,
    kind: ChangeKind,
    event: Event,
    *,
    application: Application | None = None,
    ground: str = "",
    old: dict[str, str] | None = None,
    new: dict[str, str] | None = None,
) -> LicenceChange:
    """Add a line to the licence's history, of the event that made it."""
    return LicenceChange.objects.create(
        licence=licence,
        kind=kind,
        version=licence.version,
        on=day_of(event.at),
        application=application,
        ground=ground,
        reason=str(event.data.get("reason", "")),
        old=old or {},
        new=new or {},
        by_name=event.actor_name,
    )


def _kind(case: Application, event: Event) -> ChangeKind:
    if event.action == "deem_renewed":
        return ChangeKind.DEEMED_RENEWED
    return ChangeKind.RENEWED if case.purpose == Purpose.RENEWAL else ChangeKind.CHANGED


def _period(case: Application, licence: Licence, event: Event) -> tuple[dict[str, str], dict[str, str]]:
    new = licence_faces.last_day(case, day_of(event.at))
    return {"有效期至": _day(licence.valid_to)}, {"有效期至": _day(new)}


def _content(case: Application) -> tuple[dict[str, str], dict[str, str]]:
    asked: list[dict[str, Any]] = case.change_asked
    names = licence_faces.CHANGEABLE
    return {names[one["field"]]: one["old"] for one in asked}, {names[one["field"]]: one["new"] for one in asked}


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "长期"
