"""Lets every topic happen on both sides, by today's writers, and packs it into the golden batches. Run by tools.golden."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from applications import actors, requests, services
from applications.counter import asking, papers
from applications.documents import issue
from applications.joint import sync_facts as joint_facts
from applications.models import Application, CounterPlan, JointCase
from applications.ratings import giving
from applications.talking import facts as talking_facts
from identity import services as identity_services
from identity.models import Department, User
from matters import publishing, synonyms
from matters.models import GuideVersion
from sync import blobs, chain, outbox, rejections
from sync.models import Outbox
from tests import factories
from tests.applications import counter_cases
from tests.conftest import switch_side
from tests.factories import moment
from tests.helpers import move
from tests.matters import datasets
from tests.sync.golden_sets import FILES, PRESENT, STREAMS
from tests.sync.peer import Peer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_rendering", "office_hours")]
SAMPLES = Path(__file__).parents[2] / "sync" / "samples"
CATALOGUE = (
    "department.published",
    "calendar.published",
    "matter.published",
    "dataset.published",
    "dataset.rows",
    "synonyms.published",
    "counter.published",
    "joint.published",
)
taken: set[int] = set()


def sample(topic: str, **changes: Any) -> dict[str, Any]:
    """The committed sample of a topic, about other things."""
    found: dict[str, Any] = json.loads((SAMPLES / f"{topic}.v1.json").read_text())
    return found | changes


def take(*topics: str) -> list[Outbox]:
    """What was recorded of these topics and not yet taken, topic by topic."""
    found = [
        row for topic in topics for row in Outbox.objects.filter(topic=topic).order_by("id") if row.pk not in taken
    ]
    taken.update(row.pk for row in found)
    return found


def take_case(case: Application) -> list[Outbox]:
    """Everything recorded of a case, in its order."""
    return sorted(take(*Outbox.objects.values_list("topic", flat=True).distinct()), key=lambda row: row.pk)


def said(topic: str, key: str, payload: dict[str, Any]) -> None:
    outbox.record(topic, key, payload)


def catalogue(market_bureau: Department, by: User) -> list[Outbox]:
    """Departments, guides, a calendar, a data set, synonyms, the counter, a package."""
    for department in Department.objects.order_by("code"):
        identity_services.publish_department(department)
    publishing.publish_calendar(2026, {date(2026, 10, 1): (False, "国庆节"), date(2026, 10, 10): (True, "调休上班")})
    for version in GuideVersion.objects.order_by("matter__code"):
        version.digest = publishing.digest_of(version.content)
        publishing._record(version)
    datasets.published(market_bureau, [datasets.pharmacy(1), datasets.pharmacy(2)])
    synonyms.add("饭馆", "餐饮", by=by)
    talking_facts.record_plan(
        CounterPlan(department=market_bureau, is_open=True, minutes=30, capacity=2, days_ahead=14)
    )
    return take(*CATALOGUE)


def outside(user: User, for_matter: Any) -> tuple[list[Outbox], dict[str, str]]:
    """A life of the portal: two submissions, a withdrawal, a rating, a message, an appointment, the day's counts."""
    running = factories.file_draft(factories.draft(user, for_matter), user)
    request = requests.ask(
        running, "withdraw", actor=actors.applicant(user), reason="不再开店", at=moment("2026-03-02 11:00")
    )
    ended = factories.file_draft(factories.draft(user, for_matter), user)
    ended = move(ended, "receive", by=None, at="2026-03-02 10:01")
    who = actors.applicant(user)
    services.perform(ended.pk, "withdraw", actor=who, seen=None, at=moment("2026-03-03 10:00"), render=False)
    rating = giving.give(
        ended,
        actor=who,
        grade=2,
        at=moment("2026-03-10 10:00"),
        text="等了很久。",
        contact_name="王女士",
        contact_phone="13900010001",
    )
    key = f"application:{ended.uid}"
    message = sample("message.sent", application=str(ended.uid), from_office=False, author="王芳", files=[])
    said("message.sent", key, message)
    booking = sample("booking.changed")
    said("booking.changed", f"booking:{booking['uid']}", booking)
    said(
        "searches.counted",
        "searches.counted:2026-03-02",
        {"day": "2026-03-02", "rows": [{"text": "饭馆", "searches": 3, "missed": 1}]},
    )
    said(
        "visits.counted",
        "visits.counted:2026-03-02",
        {"day": "2026-03-02", "rows": [{"matter": str(for_matter.uid), "total": 7}]},
    )
    said("evidence.sealed", "evidence:outer", sample("evidence.sealed"))
    rows = take(
        "joint.submitted", "application.submitted", "application.requested", "rating.given", "message.sent",
        "booking.changed", "searches.counted", "visits.counted", "evidence.sealed",
    )  # fmt: skip
    names = {
        "request": str(request.uid),
        "rating": str(rating.uid),
        "booking": booking["uid"],
        "running": str(running.uid),
    }
    return rows, names


def inside(staff: dict[str, User], for_matter: Any, joint: JointCase, names: dict[str, str]) -> list[Outbox]:
    """A life of the office: a case filed at a window, corrected there, granted; and answers to what came from outside."""
    case = counter_cases.filed(staff["clerk"], for_matter)
    case = move(case, "ask_correction", by=staff["clerk"])
    papers.note(case, "plan", originals=1, copies=0, trust="B", actor=actors.staff(staff["clerk"]))
    asking.supplement(case, actor=actors.staff(staff["clerk"]), seen=None)
    case = move(case, "accept", by=staff["clerk"])
    case = move(case, "pass_on", by=staff["clerk"])
    case = move(case, "pass_on", by=staff["reviewer"], at="2026-03-04 10:00")
    case = move(case, "grant", by=staff["approver"], at="2026-03-05 10:00")
    for document in case.documents.order_by("pk"):
        issue.mark_ready(document, b"%PDF-1.7 " + document.kind.encode())
    key = f"application:{case.uid}"
    said("bar.changed", key, sample("bar.changed", application=str(case.uid)))
    said(
        "message.sent",
        key,
        sample("message.sent", uid="7a1f4c0e-52a7-4a6a-8d0f-6b1a0c7d2e32", application=str(case.uid), files=[]),
    )
    answer = {"uid": names["request"], "standing": "refused", "answer": "已经作出决定。"}
    said("request.answered", f"application:{names['running']}", answer)
    joint.extended_on, joint.extension_reason, joint.extension_approver = date(2026, 3, 10), "需要专家论证", "何市长"
    joint_facts.record_extension(joint)
    said("rating.answered", f"rating:{names['rating']}", sample("rating.answered", rating=names["rating"]))
    said("booking.attended", f"booking:{names['booking']}", sample("booking.attended", uid=names["booking"]))
    said("evidence.sealed", "evidence:inner", sample("evidence.sealed"))
    rows = Outbox.objects.exclude(pk__in=taken).order_by("id")
    return list(rows)


def rejected(stream: str, row: Outbox) -> None:
    """The first record of the other side was given up."""
    payload = {"stream": stream, "rseq": 1, "topic": row.topic, "key": row.key, "reason": "已在窗口另行办理"}
    said(rejections.TOPIC, f"sync.record:{stream}:1", payload)


def pack(peer: Peer, rows: list[Outbox], target: Path) -> None:
    lines = [
        chain.to_line(
            rseq=peer.rseq + at,
            topic=row.topic,
            version=row.version,
            key=row.key,
            agg_version=row.agg_version,
            occurred_at=row.occurred_at,
            payload=row.payload,
            blobs=row.blobs,
        )
        for at, row in enumerate(rows, 1)
    ]
    names = dict.fromkeys(name for row in rows for name in row.blobs)
    carried = {name: blobs.open(name).read() for name in names}
    shutil.move(peer.batch(lines, blobs=carried, name=target.name), target)


def test_make(
    filed: JointCase,
    market_bureau: Department,
    wang_fang: User,
    clerk: User,
    reviewer: User,
    approver: User,
    settings: Settings,
) -> None:
    for old in PRESENT.glob("*.zip"):
        old.unlink()
    peers = {side: Peer(PRESENT / side, side) for side in ("outer", "inner")}
    for side, other in (("outer", "inner"), ("inner", "outer")):
        peers[side].recipient = peers[other].keys.card
        peers[side].start(STREAMS[side])
    plain = factories.matter(market_bureau)
    switch_side(settings, "inner")
    first = catalogue(market_bureau, approver)
    switch_side(settings, "outer")
    second, names = outside(wang_fang, plain)
    rejected(str(STREAMS["inner"]), first[0])
    second += take(rejections.TOPIC)
    switch_side(settings, "inner")
    rejected(str(STREAMS["outer"]), second[0])
    staff = {"clerk": clerk, "reviewer": reviewer, "approver": approver}
    third = inside(staff, plain, filed, names)
    for (side, name), rows in zip(FILES, (first, second, third), strict=True):
        pack(peers[side], rows, PRESENT / name)
        shutil.rmtree(PRESENT / side / "out")
