"""What there is to see in a hall: {part: {name: {word: value}}}, with the bytes of files; lists, so that nothing is there twice."""

from typing import Any

from django.conf import settings
from django.db.models import Model

from applications.models import Application, Bar, Booking, CounterPlan, DocumentCounter, Event, JointCase, NumberCounter
from applications.talking import parcels
from identity.models import Department
from matters.models import CalendarDay, DataSet, DayTold, JointMatter, Matter, PublicRow, SearchedWord, Synonym
from sync import blobs

Row = dict[str, Any]


def seen() -> dict[str, dict[str, Row]]:
    """Everything that applicants and officers see of cases and of the catalogue."""
    return {
        "cases": {str(one.number): _case(one) for one in Application.objects.exclude(number=None)},
        "joint cases": {str(one.number): _joint(one) for one in JointCase.objects.exclude(number=None)},
        "matters": {one.code: _matter(one) for one in Matter.objects.all()},
        "packages": {one.code: _package(one) for one in JointMatter.objects.all()},
        "data sets": {one.slug: _dataset(one) for one in DataSet.objects.all()},
        "departments": {one.code: _department(one) for one in Department.objects.all()},
        "words": {one.word: {"means": one.means} for one in Synonym.objects.all()},
        "searches": {
            f"{one.day} {one.text}": {"times": [one.searches, one.missed]} for one in SearchedWord.objects.all()
        },
        "told": {f"{one.topic} {one.day}": {} for one in DayTold.objects.all()},
        "days": {str(one.date): {"is": [one.is_workday, one.note]} for one in CalendarDay.objects.all()},
    }


def counters() -> Row:
    """How far numbers are counted."""
    rows = DocumentCounter.objects.order_by("department", "series", "year")
    return {
        "applications": [
            [str(row.day), row.series, row.last] for row in NumberCounter.objects.order_by("day", "series")
        ],
        "documents": [[row.department, row.series, row.year, row.last] for row in rows],
    }


_DATES = (
    *("submitted_at", "accepted_on", "accepted_at", "decided_at", "delivered_at", "ended_at", "supplied_at", "turn_at"),
    *("intake_due", "silence_due", "correction_due", "law_due", "promise_due", "delivery_due", "next_due"),
)


def _case(case: Application) -> Row:
    return {
        "state": [case.state, case.version, case.query_code, case.finish_kind, case.channel, case.way],
        "dates": _of(case, *_DATES),
        "applicant": [case.applicant_name, case.applicant_id, case.contact_phone, case.address],
        "owner": case.owner.username if case.owner else "",
        "joint case": [case.joint_case.number if case.joint_case else "", case.waits_its_turn],
        "moves": [_of(one, "version", "action", "to_state", "at", "note") for one in case.events.filter(is_move=True)],
        "acts": sorted(_act(one) for one in case.events.filter(is_move=False).exclude(action__in=_INSIDE)),
        "route": [_of(step, "order", "standing") for step in case.route_steps.order_by("order")],
        "licence": _licence(case),
        "bars": [_bar(bar) for bar in case.bars.order_by("ground")],
        "rating": _rating(case),
        **_papers(case),
        **_talk(case),
    }


# How the office shares out its work, and what a visitor showed, never crosses.
_INSIDE = ("claim", "put_back", "hand_over", "keep_claim", "leave_desk", "check_identity")


def _act(event: Event) -> list[str]:
    """With the day: the fact that comes back is a little younger than the act. A document says itself when it was made."""
    return [event.action, event.note, "" if event.action == "issue" else str(event.at.date())]


def _papers(case: Application) -> Row:
    inside = settings.HALL_SIDE == "inner"
    # A receipt is made anew on the side where it was lost; what is numbered inside comes back as it was.
    papers = case.documents.filter(state="ready") if inside else case.documents.all()
    wish = getattr(case, "postal_wish", None)
    return {
        "answers": case.answers,
        "materials": sorted(
            [row.key, row.file_name, row.round, row.replaced, _bytes(row.sha256)] for row in case.materials.all()
        ),
        "paper": [_of(row, "key", "round", "originals", "copies", "trust", "noted_at") for row in case.presented.all()],
        "documents": sorted(
            [one.kind, one.number, one.check_code, one.title, one.content_sha256, _bytes(one.blob)]
            for one in papers.exclude(kind="receipt")
        ),
        "postal wish": _of(wish, *parcels.PARTS, "agreed_at") if wish else [],
        "parcel": str(parcels.sent(case)),
    }


def _talk(case: Application) -> Row:
    return {
        "requests": [
            [*_of(one, "uid", "action", "standing", "answer", "reason"), one.changes]
            for one in case.requests.order_by("at")
        ],
        "messages": sorted(
            [str(one.uid), one.text, one.from_office, [_bytes(file.sha256) for file in one.files.all()]]
            for one in case.messages.all()
        ),
        "bookings": [_booking(one) for one in case.bookings.order_by("uid")],
    }


def _booking(booking: Booking) -> list[str]:
    return _of(booking, "uid", "day", "starts", "place", "standing", "changes", "attended")


def _licence(case: Application) -> Row:
    if not hasattr(case, "licence"):
        return {}
    one = case.licence
    changes = one.changes.order_by("uid")
    return {
        "is": _of(one, "number", "name", "holder", "version", "valid_to", "standing", "changed_on", "ground", "reason"),
        "changes": [_of(change, "uid", "kind", "on", "ground", "reason", "old", "new") for change in changes],
    }


def _bar(bar: Bar) -> list[Any]:
    # Each side hashes with a key of its own, which a backup does not change.
    names = ("uid", "ground", "reason", "begins", "ends", "lifted_on", "lifted_reason", "applicant_id_hash")
    return [bar.matter.code, *_of(bar, *names)]


def _rating(case: Application) -> Row:
    if not hasattr(case, "rating"):
        return {}
    remedy = getattr(case.rating, "remedy", None)
    answered = _of(remedy, "standing", "opened_on", "answer", "answered_at") if remedy else []
    return {"is": _of(case.rating, "grade", "text", "given_at"), "remedy": answered}


def _joint(joint: JointCase) -> Row:
    extended = ("extended_on", "extension_reason", "extension_approver")
    return {
        "is": [joint.version.joint.code, *_of(joint, "query_code", "applicant_kind", "applicant_name")],
        "owner": joint.owner.username if joint.owner else "",
        "dates": _of(joint, "declared_at", "submitted_at", *extended),
        "members": sorted(str(number) for number in joint.children.values_list("number", flat=True)),
        "answers": joint.answers,
    }


def _matter(matter: Matter) -> Row:
    versions = matter.versions.order_by("number")
    return {
        "is": _of(matter, "name", "active", "department", "visits", "visits_told"),
        "current": str(matter.current and matter.current.digest),
        "versions": [_of(one, "number", "state", "digest", "effective_on", "withdrawn_on") for one in versions],
    }


def _package(joint: JointMatter) -> Row:
    versions = joint.versions.order_by("number")
    return {
        "is": _of(joint, "name", "active", "lead", "limit", "outline"),
        "current": str(joint.current and joint.current.digest),
        "versions": [_of(one, "number", "state", "digest", "effective_on", "published_by_name") for one in versions],
        "members": sorted(joint.members.values_list("matter__code", flat=True)),
    }


def _dataset(dataset: DataSet) -> Row:
    """The records only outside: what the department delivered is lost inside."""
    versions = dataset.versions.order_by("number")
    shown = PublicRow.objects.filter(generation=dataset.generation).order_by("ref") if dataset.generation else []
    return {
        "is": _of(dataset, "name", "theme", "department", "key_hex"),
        "current": dataset.current.number if dataset.current else 0,
        "versions": [_of(one, "number", "state", "digest", "published_at", "published_by_name") for one in versions],
        "records": [[row.ref, row.values] for row in shown],
    }


def _department(department: Department) -> Row:
    plans = CounterPlan.objects.filter(department=department)
    return {
        "is": _of(department, "name", "short_name", "phone", "address"),
        "offices": sorted(department.offices.values_list("name", "phone")),
        "plan": [_of(plan, "is_open", "minutes", "capacity", "days_ahead") for plan in plans],
    }


def _of(row: Model, *names: str) -> list[str]:
    return [str(getattr(row, name)) for name in names]


def _bytes(name: str) -> str:
    if not name:
        return ""
    with blobs.open(name) as handle:
        return str(handle.read())
