"""What casework tells the other network, and how. The only writer of application facts to the outbox, beside
``talking/facts.py`` (messages, appointments).

Out to in: an application was submitted; an applicant asked something of a running case. In to out: a move was made,
a request was answered, a document was issued, a licence changed. Internal opinions stay inside.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings

from applications import procedure_facts
from applications.counter import papers
from applications.models import (
    Application,
    Bar,
    Document,
    Event,
    Licence,
    LicenceChange,
    Material,
    Rating,
    Remedy,
    Request,
)
from applications.models.application import Channel
from applications.states import SpecialProcedure
from applications.talking import parcels
from sync import outbox

# What of a move's data the other side needs for the same effects and may show to the applicant.
PUBLIC_DATA: dict[str, tuple[str, ...]] = {
    "fix_on_spot": ("field", "label", "old", "new", "agreed_by"),
    "ask_correction": ("items",),
    "supplement": ("request",),
    "withdraw": ("request", "reason"),
    "accept": ("way", "way_reason"),
    "accept_with_deferral": ("owed", "owed_days", "way"),
    "supply_owed": ("request",),
    "check_owed": ("owed_key", "label", "verdict", "problem"),
    "refuse_intake": ("reason", "right_organ", "late_reason"),
    "tell_not_required": ("reason", "late_reason"),
    "pass_on": ("passed", "review_finished"),
    "send_back": ("to_order", "walk"),
    "pause": ("procedure", "reason", "expected_days", "expected_end", "too_late"),
    "extend": ("reason", "original_due"),
    "publish_overrun": ("reason",),
    "grant_at_once": ("way", "way_reason"),
    "grant": ("overrun_reason",),
    "refuse": ("reason", "legal_basis", "overrun_reason"),
    "find_pledge_false": ("reason", "legal_basis"),
    "deliver": ("method", "recipient", "carrier", "tracking"),
    "terminate": ("reason",),
    "void": ("reason",),
    "transfer_up": ("upper_organ",),
} | procedure_facts.PUBLIC_DATA


def key_of(case: Application) -> str:
    """The aggregate under which all facts of a case travel in order."""
    return f"application:{case.uid}"


def record_move(case: Application, event: Event) -> None:
    """Tell the other side of a move: a submission whole, later moves with their public data.

    A member of a joint case is told with the whole package (applications.joint.sync_facts).
    """
    if event.action == "submit" and case.joint_case_id is not None:
        return
    if event.action == "submit" and case.channel == Channel.COUNTER:
        whole = submission(case) | {"head": head(event), "presented": papers.rows(case)}
        _record("application.filed_inside", case, whole)
    elif event.action == "submit":
        _record("application.submitted", case, submission(case) | {"head": head(event)})
    elif settings.HALL_SIDE == "inner":
        outbox.record("application.moved", key_of(case), moved(case, event))


def moved(case: Application, event: Event) -> dict[str, Any]:
    """The payload of ``application.moved``. Staff appear under their department's name."""
    return {
        "uid": str(case.uid),
        "version": event.version,
        "action": event.action,
        "to_state": event.to_state,
        "at": event.at.isoformat(),
        "actor_kind": event.actor_kind,
        "actor_name": case.department.name if event.actor_kind == "staff" else event.actor_name,
        "data": public_data(event.action, event.data),
        "head": head(event),
    }


def head(event: Event) -> dict[str, Any]:
    """How far the chain of the case reaches on this side; the other keeps it (evidence_handlers.py)."""
    return {"place": event.place, "digest": event.digest}


def record_seal(payload: dict[str, Any]) -> None:
    """Tell the other side of a seal over the chains of this one; both sides do."""
    outbox.record("evidence.sealed", f"evidence:{settings.HALL_SIDE}", payload)


def public_data(action: str, data: dict[str, Any]) -> dict[str, Any]:
    """The part of a move's data that may leave the inner network."""
    return {name: data[name] for name in PUBLIC_DATA.get(action, ()) if name in data}


def public_note(action: str, data: dict[str, Any]) -> str:
    """One sentence about the move for the applicant's timeline; empty when the label says it all."""
    told = procedure_facts.public_note(action, data)
    if told is not None:
        return told
    if action in NOTES:
        return NOTES[action](data)
    shown = PUBLIC_DATA.get(action, ())
    parts = [str(data.get(name, "")) for name in ("reason", "way_reason") if name in shown]
    if "overrun_reason" in shown and data.get("overrun_reason"):
        parts.append(f"超过承诺期限的原因：{data['overrun_reason']}")
    return " ".join(part for part in parts if part)


def _note_of_pause(data: dict[str, Any]) -> str:
    note = f"{SpecialProcedure(data['procedure']).label}：{data['reason']}，预计 {data['expected_days']} 个工作日。"
    return f"{note}法定期限在此之前已经届满，这段时间不能抵销超期。" if data.get("too_late") else note


def _note_of_check(data: dict[str, Any]) -> str:
    result = "已经补齐" if data["verdict"] == "ok" else f"没有通过：{data['problem']}"
    return f"“{data['label']}”{result}。"


NOTES: dict[str, Callable[[dict[str, Any]], str]] = {
    "pause": _note_of_pause,
    "ask_correction": lambda data: "需要补正：" + "、".join(item["label"] for item in data["items"]) + "。",
    "deem_renewed": lambda data: "原证照有效期届满前没有作出决定，视为准予延续（行政许可法第五十条第二款）。",
    "fix_on_spot": lambda data: f"“{data['label']}”经申请人同意当场更正。",
    "refuse_intake": lambda data: f"{data['reason']} 请向{data['right_organ']}提出。",
    "accept_with_deferral": lambda data: "容缺：" + "、".join(item["label"] for item in data["owed"]) + "。",
    "check_owed": _note_of_check,
}


def submission(case: Application) -> dict[str, Any]:
    """A submitted application whole, as it travels; without the head of its chain."""
    return {
        "uid": str(case.uid),
        "number": case.number,
        "query_code": case.query_code,
        "matter": case.matter.code,
        "purpose": case.purpose,
        "about_licence": str(case.about_licence.uid) if case.about_licence else None,
        "change_asked": case.change_asked,
        "guide": str(case.guide_version.uid),
        "applicant": {
            "kind": case.applicant_kind,
            "name": case.applicant_name,
            "id": case.applicant_id,
            "contact_name": case.contact_name,
            "contact_phone": case.contact_phone,
            "address": case.address,
        },
        "situation": case.situation,
        "answers": case.answers,
        "materials": [material_row(material) for material in case.materials.all()],
        "way": case.way,
        "postal": parcels.row(case),
        "deferral_agreed_at": case.deferral_agreed_at.isoformat() if case.deferral_agreed_at else None,
        "declared_at": case.declared_at.isoformat() if case.declared_at else None,
        "submitted_at": case.submitted_at.isoformat() if case.submitted_at else None,
    }


def _record(topic: str, case: Application, payload: dict[str, Any]) -> None:
    outbox.record(topic, key_of(case), payload, blobs=[row["sha256"] for row in payload["materials"]])


def material_row(material: Material) -> dict[str, Any]:
    """A material as it travels; its bytes go as a blob under ``sha256``."""
    return {
        "key": material.key,
        "file_name": material.file_name,
        "content_type": material.content_type,
        "size": material.size,
        "sha256": material.sha256,
        "uploaded_at": material.uploaded_at.isoformat(),
    }


def record_request(request: Request, event: Event) -> None:
    """Send what the applicant asks of a running case (recorded as ``event``), with the files it brings."""
    _record_asked("application.requested", request, event)


def record_asked_inside(request: Request, event: Event) -> None:
    """Tell the outer side what was asked at a window: the move that follows refers to it."""
    _record_asked("application.asked_inside", request, event)


def _record_asked(topic: str, request: Request, event: Event) -> None:
    changes = request.changes or {}
    outbox.record(
        topic,
        key_of(request.application),
        {
            "uid": str(request.uid),
            "application": str(request.application.uid),
            "action": request.action,
            "at": request.at.isoformat(),
            "reason": request.reason,
            "changes": changes,
            "head": head(event),
        },
        blobs=[row["sha256"] for row in changes.get("materials", [])],
    )


def record_answer(request: Request) -> None:
    """Tell the outer side that a request was refused, and why."""
    outbox.record(
        "request.answered",
        key_of(request.application),
        {"uid": str(request.uid), "standing": request.standing, "answer": request.answer},
    )


def record_document(document: Document) -> None:
    """Send a rendered document, and the licence whose face it is. What is addressed to somebody else stays inside."""
    if document.kind in procedure_facts.INSIDE_ONLY:
        return
    outbox.record(
        "document.issued",
        key_of(document.application),
        {
            "uid": str(document.uid),
            "application": str(document.application.uid),
            "kind": document.kind,
            "title": document.title,
            "number": document.number,
            "content": document.content,
            "content_sha256": document.content_sha256,
            "check_code": document.check_code,
            "created_at": document.created_at.isoformat(),
            "rendered_at": document.rendered_at.isoformat() if document.rendered_at else None,
            "blob": document.blob,
        },
        blobs=[document.blob],
    )
    licence = Licence.objects.filter(document=document).first()
    if licence is not None:
        record_licence(licence)


def record_licence(licence: Licence) -> None:
    """Tell the outer side what the licence is now; the public check page answers from it.

    While its face is still being made nothing is said: the fact goes out with the face (``record_document``).
    """
    if not licence.document.blob:
        return
    outbox.record(
        "licence.changed",
        key_of(licence.application),
        {
            "uid": str(licence.uid),
            "application": str(licence.application.uid),
            "document": str(licence.document.uid),
            "name": licence.name,
            "number": licence.number,
            "holder": licence.holder,
            "valid_from": licence.valid_from.isoformat(),
            "valid_to": licence.valid_to.isoformat() if licence.valid_to else None,
            "standing": licence.standing,
            "changed_on": licence.changed_on.isoformat() if licence.changed_on else None,
            "reason": licence.reason,
            "version": licence.version,
            "ground": licence.ground,
            "changes": [_licence_change(one) for one in licence.changes.select_related("application")],
        },
    )


def _licence_change(change: LicenceChange) -> dict[str, Any]:
    return {
        "uid": str(change.uid),
        "kind": change.kind,
        "version": change.version,
        "on": change.on.isoformat(),
        "application": str(change.application.uid) if change.application else None,
        "ground": change.ground,
        "reason": change.reason,
        "old": change.old,
        "new": change.new,
    }


def record_bar(bar: Bar) -> None:
    """Tell the outer side that an applicant may not apply again, or may: people are told before they fill anything in."""
    outbox.record(
        "bar.changed",
        key_of(bar.application),
        {
            "uid": str(bar.uid),
            "application": str(bar.application.uid),
            "ground": bar.ground,
            "reason": bar.reason,
            "begins": bar.begins.isoformat(),
            "ends": bar.ends.isoformat() if bar.ends else None,
            "lifted_on": bar.lifted_on.isoformat() if bar.lifted_on else None,
            "lifted_reason": bar.lifted_reason,
        },
    )


def record_rating(rating: Rating) -> None:
    """Send what the applicant says of the service."""
    outbox.record_all([told_rating(rating)])


def told_rating(rating: Rating) -> outbox.Told:
    """The fact that the applicant has said this of the service."""
    payload = {
        "uid": str(rating.uid),
        "application": str(rating.application.uid),
        "grade": rating.grade,
        "aspects": rating.aspects,
        "text": rating.text,
        "contact_name": rating.contact_name,
        "contact_phone": rating.contact_phone,
        "given_at": rating.given_at.isoformat(),
    }
    return outbox.Told("rating.given", key_of(rating.application), payload)


def record_remedy(remedy: Remedy) -> None:
    """Tell the outer side how a bad mark ended; the office's own notes stay inside."""
    outbox.record(
        "rating.answered",
        key_of(remedy.rating.application),
        {
            "rating": str(remedy.rating.uid),
            "standing": remedy.standing,
            "opened_on": remedy.opened_on.isoformat(),
            "due": remedy.due.isoformat(),
            "answer": remedy.answer,
            "answered_at": remedy.answered_at.isoformat() if remedy.answered_at else None,
        },
    )
