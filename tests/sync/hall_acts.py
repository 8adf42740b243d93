"""What the cast does in a whole hall of its own process, and what there is to see of it."""

import io
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image

from applications import actors, drafts, requests, services
from applications.documents import issue
from applications.models import Application, Booking, Document, DocumentCounter, NumberCounter
from applications.ratings import giving
from applications.talking import booking, messages
from identity import services as identity_services
from identity.models import Role, User
from matters import catalogue, publishing
from matters.models import GuideVersion, Matter
from sync import blobs
from tests import factories, people
from tests.helpers import DATA


def act(name: str, **words: Any) -> Any:
    """Do one of the functions below."""
    return globals()[name](**words)


# --- inside
def open_office() -> None:
    """A department with its officers and one matter, published."""
    bureau = identity_services.save_department("YC-SCJG", "云川市市场监督管理局", short_name="市市场监管局")
    identity_services.save_department(bureau.code, bureau.name, offices=[{"name": "行政审批科", "phone": "1"}])
    for username, name, role in (
        ("chenjing", "陈静", Role.CLERK),
        ("liuyang", "刘洋", Role.REVIEWER),
        ("sunli", "孙立", Role.APPROVER),
    ):
        people.make_staff(username, name, bureau, role)
    content = factories.content(bureau)
    matter = Matter.objects.create(code=content["header"]["code"], name=content["header"]["code"], department=bureau)
    names = {"state": GuideVersion.State.PUBLISHED, "digest": publishing.digest_of(content), "content": content}
    version = GuideVersion.objects.create(
        matter=matter, number=1, effective_on=date(2025, 1, 1), published_at=timezone.now(), **names
    )
    with transaction.atomic():  # not by ``publish``: it wants a guide without a gap
        catalogue.bring_due_into_force(timezone.localdate(), matter)
        identity_services.publish_department(bureau)
        publishing._record(version)


def move(number: str, action: str, by: str, **data: Any) -> str:
    """A move by an officer; the state afterwards."""
    case = Application.objects.get(number=number)
    actor = actors.staff(User.objects.get(username=by))
    words = DATA.get(action, {}) | data
    return str(services.perform(case.pk, action, actor=actor, seen=None, render=False, **words).state)


def answer(number: str, text: str) -> None:
    """An officer writes to the applicant."""
    messages.send(_case(number), actor=actors.staff(User.objects.get(username="chenjing")), text=text)


def render() -> int:
    """Every document that waits gets a file."""
    waiting = list(Document.objects.exclude(state="ready"))
    for document in waiting:
        issue.mark_ready(document, f"%PDF {document.number} {document.uid}".encode())
    return len(waiting)


def tick() -> list[str]:
    """The moves that time makes; what failed."""
    from applications import tick as clock

    return [str(one) for one in clock.run().failed]


# --- outside
def register() -> None:
    """王芳 has an account."""
    people.make_applicant("wangfang", "王芳", people.WANG_FANG_ID, "13900010001")


def begin() -> str:
    """A complete draft; its uid."""
    return str(factories.draft(_wang_fang(), Matter.objects.get()).uid)


def file(uid: str = "") -> str:
    """Submit a draft, or a new one; its number."""
    case = Application.objects.get(uid=uid or begin())
    actor = actors.applicant(_wang_fang())
    return str(drafts.submit(case, actor=actor, seen=case.seen, declared=True, render=False).number)


def ask(number: str, action: str) -> None:
    """Ask something of a running case; a correction brings a new plan."""
    changes: dict[str, Any] = {}
    if action == "supplement":
        data = f"%PDF-1.4 {number}".encode()
        row = {"key": "plan", "file_name": "新平面图.pdf", "content_type": "application/pdf", "size": len(data)}
        row |= {"sha256": blobs.put(io.BytesIO(data)), "uploaded_at": timezone.now().isoformat()}
        changes = {"materials": [row], "round": 1}
    requests.ask(_case(number), action, actor=actors.applicant(_wang_fang()), reason="办事需要", changes=changes)


def write(number: str, text: str) -> None:
    """The applicant writes, with a file."""
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    files = [SimpleUploadedFile("说明.png", picture.getvalue(), "image/png")] if "附件" in text else []
    messages.send(_case(number), actor=actors.applicant(_wang_fang()), text=text, files=files)


def rate(number: str, grade: int) -> None:
    """The applicant says how it was."""
    giving.give(_case(number), actor=actors.applicant(_wang_fang()), grade=grade, text="等了很久")


def book(number: str) -> None:
    """A place at the counter for the case, put straight: which days are open is not the point here."""
    case, now = _case(number), timezone.now()
    row = Booking(department=case.department, matter=case.matter, application=case, owner=case.owner, place=1)
    row.name, row.phone, row.minutes = "王芳", "13900010001", 30
    row.day, row.starts = now.date() + timedelta(days=9), now.time().replace(microsecond=0, second=0, minute=0)
    row.made_at = row.changed_at = now
    with transaction.atomic():
        row.save()
        booking._tell(row, "booked", actors.applicant(_wang_fang()))


# --- what there is to see
def seen() -> dict[str, Any]:
    """Everything that applicants and officers see of the cases, by number, with the bytes of files; numbers that count."""
    cases = Application.objects.exclude(number=None).order_by("number")
    return {"cases": {str(case.number): _seen(case) for case in cases}, "catalogue": _catalogue()}


def counters() -> dict[str, Any]:
    """How far numbers are counted."""
    rows = DocumentCounter.objects.order_by("department", "series", "year")
    return {
        "applications": [
            [str(row.day), row.series, row.last] for row in NumberCounter.objects.order_by("day", "series")
        ],
        "documents": [[row.department, row.series, row.year, row.last] for row in rows],
    }


_DATES = (
    *("submitted_at", "accepted_on", "accepted_at", "decided_at", "delivered_at", "ended_at", "supplied_at"),
    *("intake_due", "silence_due", "correction_due", "law_due", "promise_due", "delivery_due", "next_due"),
)


def _seen(case: Application) -> dict[str, Any]:
    inside = settings.HALL_SIDE == "inner"
    # A receipt is made anew on the side where it was lost; what is numbered inside comes back as it was.
    papers = case.documents.exclude(kind="receipt") if not inside else case.documents.filter(state="ready")
    return {
        "state": [case.state, case.version, case.query_code, case.finish_kind],
        "dates": {name: str(getattr(case, name)) for name in _DATES},
        "applicant": [case.applicant_name, case.applicant_id, case.contact_phone, case.address],
        "answers": case.answers,
        "owner": case.owner.username if case.owner else "",
        "materials": sorted(
            [row.key, row.file_name, row.round, row.replaced, _bytes(row.sha256)] for row in case.materials.all()
        ),
        "requests": [[str(one.uid), one.action, one.standing, one.answer] for one in case.requests.order_by("at")],
        "messages": sorted(
            [str(one.uid), one.text, one.from_office, [_bytes(file.sha256) for file in one.files.all()]]
            for one in case.messages.all()
        ),
        "documents": sorted(
            [one.kind, one.number, one.check_code, one.title, _bytes(one.blob)]
            for one in papers
            if one.kind != "receipt"
        ),
        "licence": [[one.number, one.standing, str(one.valid_to)] for one in _licences(case)],
        "rating": [[one.grade, one.text] for one in _ratings(case)],
        "bookings": [[str(one.uid), str(one.day), str(one.standing)] for one in case.bookings.all()],
        "moves": [[one.version, one.action, one.to_state, str(one.at)] for one in case.events.filter(is_move=True)],
        "acts": sorted(one.action for one in case.events.filter(is_move=False)),
        "route": [[step.order, step.standing] for step in case.route_steps.order_by("order")],
    }


def _licences(case: Application) -> list[Any]:
    return [case.licence] if hasattr(case, "licence") else []


def _ratings(case: Application) -> list[Any]:
    return [case.rating] if hasattr(case, "rating") else []


def _catalogue() -> list[Any]:
    return [[one.code, one.name, one.active, str(one.current and one.current.digest)] for one in Matter.objects.all()]


def _bytes(name: str) -> str:
    if not name:
        return ""
    with blobs.open(name) as handle:
        return str(handle.read())


def _case(number: str) -> Application:
    return Application.objects.get(number=number)


def _wang_fang() -> User:
    return User.objects.get(username="wangfang")
