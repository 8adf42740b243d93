"""What the outer side does with facts about licences and bars. Registered by topic in ``apps.ready``."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.models import Application, Bar, Document, Licence, LicenceChange
from sync.registry import Fact, Reject, handles


@handles("licence.changed", from_side="inner")
def licence_changed(fact: Fact) -> None:
    """Outer: a licence was issued, renewed, changed, revoked, withdrawn or cancelled."""
    payload = fact.payload
    document = Document.objects.filter(uid=payload["document"]).first()
    if document is None:
        raise Reject(f"本地没有文书 {payload['document']}。")
    licence, _ = Licence.objects.update_or_create(
        uid=payload["uid"],
        defaults={
            "application": _case(payload["application"]),
            "document": document,
            "name": payload["name"],
            "number": payload["number"],
            "holder": payload["holder"],
            "valid_from": date.fromisoformat(payload["valid_from"]),
            "valid_to": _day(payload["valid_to"]),
            "standing": payload["standing"],
            "changed_on": _day(payload["changed_on"]),
            "reason": payload["reason"],
            # Absent from sites older than renewals and changes.
            "version": payload.get("version", 1),
            "ground": payload.get("ground", ""),
        },
    )
    _add_changes(licence, payload.get("changes") or [])


def _add_changes(licence: Licence, rows: list[Mapping[str, Any]]) -> None:
    """The fact carries the whole history; what is known stays as it is."""
    known = {str(uid) for uid in licence.changes.values_list("uid", flat=True)}
    LicenceChange.objects.bulk_create(_change(licence, row) for row in rows if row["uid"] not in known)


def _change(licence: Licence, row: Mapping[str, Any]) -> LicenceChange:
    return LicenceChange(
        uid=row["uid"],
        licence=licence,
        kind=row["kind"],
        version=row["version"],
        on=date.fromisoformat(row["on"]),
        application=Application.objects.filter(uid=row["application"]).first() if row["application"] else None,
        ground=row["ground"],
        reason=row["reason"],
        old=row["old"],
        new=row["new"],
        by_name=licence.application.department.name,  # staff appear under their department's name
    )


@handles("bar.changed", from_side="inner")
def bar_changed(fact: Fact) -> None:
    """Outer: somebody may not apply again for a matter, or may again."""
    payload = fact.payload
    case = _case(payload["application"])
    Bar.objects.update_or_create(
        uid=payload["uid"],
        defaults={
            "application": case,
            "matter": case.matter,
            "applicant_id_hash": case.applicant_id_hash,
            "ground": payload["ground"],
            "reason": payload["reason"],
            "begins": date.fromisoformat(payload["begins"]),
            "ends": _day(payload["ends"]),
            "by_name": case.department.name,
            "lifted_on": _day(payload["lifted_on"]),
            "lifted_reason": payload["lifted_reason"],
        },
    )


def _case(uid: str) -> Application:
    case = Application.objects.select_related("matter", "department").filter(uid=uid).first()
    if case is None:
        raise Reject(f"本地没有申请 {uid}。")
    return case


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
