"""A case filed at a window is on the outer side as well: by number and code, and in the account it belongs to."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from applications import corrections, queries, requests, sync_handlers
from applications.actors import applicant, staff
from applications.counter import asking, handlers, owners, papers
from applications.models import Application, Event, NumberCounter, PeerHead
from applications.states import State
from identity import services
from identity.models import Enterprise, Kind, User
from matters.models import Matter
from sync.models import Outbox
from sync.registry import Fact, Reject
from tests import factories
from tests.applications import counter_cases as cases
from tests.applications.applicant import files
from tests.applications.test_crossing import facts, forget
from tests.conftest import switch_side
from tests.factories import moment
from tests.helpers import move
from tests.people import QINGHE_USCC, WANG_FANG_ID, make_applicant

pytestmark = pytest.mark.usefixtures("on_inner", "no_rendering", "office_hours")
SAMPLES = Path(__file__).parents[1] / "sync" / "samples"
BY_TOPIC = {
    "application.filed_inside": handlers.filed_inside,
    "application.asked_inside": handlers.asked_inside,
    "application.moved": sync_handlers.moved,
}


def cross(case: Application, settings: Settings) -> Application:
    """Everything told of the case so far arrives outside, where nobody had heard of it."""
    uid, told = case.uid, [fact for fact in everything() if fact.key == f"application:{case.uid}"]
    forget(case)
    switch_side(settings, "outer")
    for fact in told:
        BY_TOPIC[fact.topic](fact)
    return Application.objects.get(uid=uid)


def everything() -> list[Fact]:
    topics = Outbox.objects.filter(topic__in=BY_TOPIC).values_list("topic", flat=True).distinct()
    return sorted((fact for topic in topics for fact in facts(topic)), key=lambda fact: fact.rseq)


def outside(user: User, uid: Any) -> Application | None:
    return queries.open_to(user).filter(uid=uid).first()


def test_it_arrives_whole_and_in_the_account(
    matter: Matter, clerk: User, wang_fang: User, stranger: User, settings: Settings
) -> None:
    case = cases.draft(clerk, matter)
    files.hand_in(case, "plan")
    case = cases.filing.submit(case, clerk, seen=case.seen, declared=True, render=False)
    number, code = case.number, case.query_code
    mirror = cross(case, settings)
    assert (mirror.state, mirror.version, mirror.channel) == (State.RECEIVED, 2, "counter")
    assert mirror.owner == wang_fang
    assert mirror.submitted_at == moment("2026-03-03 10:00")
    assert mirror.materials.get().file_name == "平面图.pdf"
    assert mirror.presented.get().trust == "B"
    assert not hasattr(mirror, "counter")  # who came and with which paper stays inside
    assert queries.by_number_and_code(number or "", code) == mirror
    assert outside(wang_fang, mirror.uid) == mirror
    assert outside(stranger, mirror.uid) is None
    assert PeerHead.objects.filter(case_uid=mirror.uid).count() == 2
    assert mirror.events.get(action="receive").actor_name == "云川市市场监督管理局"


def test_an_enterprise_s_case_is_open_to_its_agents(
    matter: Matter, clerk: User, qinghe: Enterprise, zhao_min: User, stranger: User, settings: Settings
) -> None:
    mirror = cross(cases.filed(clerk, matter, cases.visitor("enterprise")), settings)
    assert (mirror.enterprise, mirror.owner) == (qinghe, None)
    assert outside(zhao_min, mirror.uid) == mirror
    assert outside(stranger, mirror.uid) is None


def test_who_registers_later_finds_it_in_the_account(matter: Matter, clerk: User, settings: Settings) -> None:
    mirror = cross(cases.filed(clerk, matter), settings)
    assert mirror.owner is None
    user = User(username="wangfang", kind=Kind.APPLICANT)
    services.register_person(user, name="王芳", id_number=WANG_FANG_ID, phone="13900010001")
    assert outside(user, mirror.uid) == mirror
    event = Event.objects.filter(application=mirror).latest("place")
    assert (event.action, event.actor_kind) == ("join_account", "system")


def test_an_enterprise_that_registers_later_finds_it(
    matter: Matter, clerk: User, li_ming: User, settings: Settings
) -> None:
    who = cases.visitor("enterprise", name="云川市青禾餐饮管理(云川)有限公司")
    mirror = cross(cases.filed(clerk, matter, who), settings)
    services.register_enterprise(
        li_ming, name="云川市青禾餐饮管理（云川）有限公司", uscc=QINGHE_USCC, legal_representative="李明"
    )
    assert outside(li_ming, mirror.uid) == mirror


def test_a_number_alone_opens_nothing(matter: Matter, clerk: User, settings: Settings) -> None:
    """Registering proves neither name nor number, so a number that was picked up is not enough."""
    thief = make_applicant("thief", "李四", WANG_FANG_ID)
    mirror = cross(cases.filed(clerk, matter), settings)
    assert outside(thief, mirror.uid) is None


def test_a_registration_that_fails_gives_nothing_away(matter: Matter, clerk: User, settings: Settings) -> None:
    thief = make_applicant("thief", "李四", WANG_FANG_ID)
    mirror = cross(cases.filed(clerk, matter), settings)
    again = User(username="wangfang", kind=Kind.APPLICANT)
    with pytest.raises(ValidationError):
        services.register_person(again, name="王芳", id_number=WANG_FANG_ID, phone="13900010001")
    mirror.refresh_from_db()
    assert mirror.owner is None
    assert outside(thief, mirror.uid) is None


def test_an_online_case_never_changes_hands(on_outer: str, matter: Matter, wang_fang: User) -> None:
    case = factories.file_draft(factories.draft(wang_fang, matter), wang_fang)
    Application.objects.filter(pk=case.pk).update(owner=None)
    owners.join(wang_fang.person)
    case.refresh_from_db()
    assert case.owner is None


# --- the life goes on
def test_later_moves_are_repeated_and_the_owner_withdraws_from_the_account(
    matter: Matter, clerk: User, wang_fang: User, settings: Settings
) -> None:
    case = move(cases.filed(clerk, matter), "accept", by=clerk)
    mirror = cross(case, settings)
    assert mirror.state == State.ACCEPTED
    request = requests.ask(
        mirror, "withdraw", actor=applicant(wang_fang), reason="不再开店。", at=moment("2026-03-04 09:00")
    )
    assert facts("application.requested")[0].payload["uid"] == str(request.uid)


def test_the_owner_supplements_from_the_account(
    matter: Matter, clerk: User, wang_fang: User, settings: Settings
) -> None:
    case = move(cases.filed(clerk, matter), "ask_correction", by=clerk)
    mirror = cross(case, settings)
    assert corrections.is_open(mirror)
    files.hand_in(mirror, "plan", content=files.pdf("new"))
    corrections.send(mirror, actor=applicant(wang_fang), at=moment("2026-03-04 09:00"))
    fact = facts("application.requested")[0]
    assert fact.payload["changes"]["materials"][0]["key"] == "plan"


# --- what is asked at the window
def test_a_correction_brought_on_paper_counts_on_both_sides(
    matter: Matter, clerk: User, wang_fang: User, settings: Settings
) -> None:
    case = move(cases.filed(clerk, matter), "ask_correction", by=clerk)
    actor = staff(clerk)
    papers.note(case, "plan", originals=1, copies=1, trust="B", actor=actor)
    asking.supplement(case, actor=actor, seen=case.seen)
    case.refresh_from_db()
    assert (case.state, case.handler) == (State.RESUBMITTED, clerk)
    asked = Event.objects.get(application=case, action="ask_at_counter")
    assert (asked.actor_kind, asked.actor_name) == ("staff", "陈静")
    assert Event.objects.get(application=case, action="supplement").actor_name == "王芳"
    mirror = cross(case, settings)
    assert mirror.state == State.RESUBMITTED
    assert [(row.key, row.round) for row in mirror.presented.all()] == [("plan", 0), ("plan", 1)]
    assert mirror.requests.get().standing == "done"


def test_a_correction_of_an_online_case_is_brought_to_the_window(
    received: Application, clerk: User, settings: Settings
) -> None:
    case = move(received, "ask_correction", by=clerk)
    files.hand_in(case, "plan", content=files.pdf("scanned"))
    papers.note(case, "plan", originals=0, copies=1, trust="B", actor=staff(clerk))
    asking.supplement(case, actor=staff(clerk), seen=case.seen)
    assert [(row.round, row.replaced) for row in case.materials.order_by("round")] == [(0, True), (1, False)]
    fact = facts("application.asked_inside")[0]
    assert fact.blobs == [row["sha256"] for row in fact.payload["changes"]["materials"]]


def test_nothing_brought_is_refused_and_leaves_no_request(matter: Matter, clerk: User) -> None:
    case = move(cases.filed(clerk, matter), "ask_correction", by=clerk)
    with pytest.raises(asking.DataMissing):
        asking.supplement(case, actor=staff(clerk), seen=case.seen)
    assert not case.requests.exists()
    assert not Outbox.objects.filter(topic="application.asked_inside").exists()


def test_what_lay_ready_on_the_slower_way_was_never_sent(received: Application, clerk: User) -> None:
    """The applicant's supplement arrives while the clerk has scanned something and not sent it."""
    case = move(received, "ask_correction", by=clerk)
    files.hand_in(case, "plan", "窗口扫描.pdf", files.pdf("scanned"))
    papers.note(case, "plan", originals=1, copies=0, trust="B", actor=staff(clerk))
    row = {"key": "plan", "file_name": "新平面图.pdf", "content_type": "application/pdf", "size": 9, "sha256": "1" * 64}
    row["uploaded_at"] = "2026-03-03T09:00:00+08:00"
    changes = {"materials": [row], "answers": {}, "round": 1}
    requests.answer(case.requests.create(action="supplement", at=moment("2026-03-03 09:30"), changes=changes))
    case.refresh_from_db()
    assert case.state == State.RESUBMITTED
    assert [file.file_name for file in case.materials.filter(replaced=False)] == ["新平面图.pdf"]
    assert not case.presented.exists()


def test_the_applicant_s_own_answer_comes_too_late_and_is_told_so(
    matter: Matter, clerk: User, settings: Settings
) -> None:
    case = move(cases.filed(clerk, matter), "ask_correction", by=clerk)
    papers.note(case, "plan", originals=1, copies=0, trust="B", actor=staff(clerk))
    asking.supplement(case, actor=staff(clerk), seen=None)
    late = case.requests.create(action="supplement", at=moment("2026-03-03 09:30"), changes={"round": 1})
    requests.answer(late)
    late.refresh_from_db()
    assert late.standing == "refused"


def test_withdrawn_in_person(matter: Matter, clerk: User, outsider: User, settings: Settings) -> None:
    case = cases.filed(clerk, matter)
    with pytest.raises(asking.NotAllowed):
        asking.withdraw(case, actor=staff(outsider), seen=case.seen, reason="不再开店。")
    with pytest.raises(asking.DataMissing):
        asking.withdraw(case, actor=staff(clerk), seen=case.seen, reason=" ")
    asking.withdraw(case, actor=staff(clerk), seen=case.seen, reason="不再开店。")
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN
    mirror = cross(case, settings)
    assert (mirror.state, mirror.requests.get().standing) == (State.WITHDRAWN, "done")


# --- the shape of what crosses
def sample(topic: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{topic}.v1.json").read_text())
    return found


def test_the_facts_have_the_fields_of_their_samples(matter: Matter, clerk: User) -> None:
    case = move(cases.filed(clerk, matter), "ask_correction", by=clerk)
    papers.note(case, "plan", originals=1, copies=0, trust="B", actor=staff(clerk))
    asking.supplement(case, actor=staff(clerk), seen=None)
    filed, asked = facts("application.filed_inside")[0].payload, facts("application.asked_inside")[0].payload
    assert filed.keys() == sample("application.filed_inside").keys()
    assert filed["presented"][0].keys() == sample("application.filed_inside")["presented"][0].keys()
    assert asked.keys() == sample("application.asked_inside").keys()
    assert asked["changes"].keys() == sample("application.asked_inside")["changes"].keys()


def as_fact(topic: str, payload: dict[str, Any]) -> Fact:
    return Fact(topic, 1, f"application:{payload['uid']}", 1, 1, payload, [], moment("2026-03-03 10:00"))


def test_the_samples_are_understood(on_outer: str, matter: Matter, wang_fang: User) -> None:
    filed, asked = sample("application.filed_inside"), sample("application.asked_inside")
    filed["guide"] = str(matter.current.uid)  # type: ignore[union-attr]
    handlers.filed_inside(as_fact("application.filed_inside", filed))
    case = Application.objects.get(number=filed["number"])
    assert (case.state, case.owner) == (State.SUBMITTED, wang_fang)
    handlers.asked_inside(as_fact("application.asked_inside", asked))
    assert str(case.requests.get().uid) == asked["uid"]


@pytest.mark.parametrize("number", ["519901202603030000019", "5199012026030390000005", "nonsense"])
def test_a_number_of_the_other_range_or_none_is_rejected(number: str, on_outer: str, matter: Matter) -> None:
    payload = sample("application.filed_inside") | {"number": number}
    with pytest.raises(Reject, match="窗口号段"):
        handlers.filed_inside(as_fact("application.filed_inside", payload))


def test_the_outer_side_cannot_file_at_a_window(on_inner: str, matter: Matter) -> None:
    with pytest.raises(Reject, match="内网登记"):
        handlers.filed_inside(as_fact("application.filed_inside", sample("application.filed_inside")))
    with pytest.raises(Reject, match="内网登记"):
        handlers.asked_inside(as_fact("application.asked_inside", sample("application.asked_inside")))


def test_a_number_that_is_there_already_is_not_taken_twice(
    matter: Matter, clerk: User, wang_fang: User, settings: Settings
) -> None:
    """The outer side counts on while the office files: both start from one."""
    case = cases.filed(clerk, matter)
    NumberCounter.objects.all().delete()
    mirror = cross(case, settings)
    online = factories.file_draft(factories.draft(wang_fang, matter), wang_fang, "2026-03-03 10:05")
    assert online.number != mirror.number
