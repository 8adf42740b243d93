"""Filing at a window: who may, who came, what is needed, what stands in the record and on the receipt."""

import pytest

from applications import actors, drafts, uploads
from applications.counter import filing, papers
from applications.errors import CaseMoved, DataMissing, NotAllowed, NotPossible
from applications.forms.counter import IdentityForm
from applications.models import Application, Event
from applications.numbering import is_number, series_of
from applications.states import State
from identity.fields import keyed_hash
from identity.models import User
from matters.models import Matter
from sync.models import Outbox
from tests import factories
from tests.applications import counter_cases as cases
from tests.applications.applicant import files
from tests.applications.test_crossing import facts
from tests.factories import moment
from tests.people import LI_MING_ID, QINGHE_USCC, STRANGER_ID, WANG_FANG_ID, id_number

pytestmark = pytest.mark.usefixtures("on_inner", "no_rendering", "office_hours")


# --- who came
def wrong(kind: str = "person", **changes: str) -> dict[str, list[str]]:
    base = cases.PERSON if kind == "person" else cases.ENTERPRISE
    form = IdentityForm(kind, base | changes)
    return {name: [str(one) for one in texts] for name, texts in form.errors.items()}


def flipped(number: str) -> str:
    """The same with another last but one digit: the check digit no longer fits."""
    return number[:-2] + str((int(number[-2]) + 1) % 10) + number[-1]


@pytest.mark.parametrize("kind", ["person", "enterprise"])
def test_numbers_that_are_right_are_taken(kind: str) -> None:
    assert wrong(kind) == {}


def test_a_wrong_check_digit_is_told_at_its_field() -> None:
    assert "校验位" in wrong(number=flipped(WANG_FANG_ID))["number"][0]
    assert "校验位" in wrong("enterprise", agent_number=flipped(LI_MING_ID))["agent_number"][0]
    code = QINGHE_USCC[:-1] + ("A" if QINGHE_USCC[-1] != "A" else "B")
    assert "校验位" in wrong("enterprise", number=code)["number"][0]


def test_what_is_pasted_with_spaces_is_one_number() -> None:
    spaced = f" {WANG_FANG_ID[:6]} {WANG_FANG_ID[6:].lower()} "
    assert cases.visitor(number=spaced).number == WANG_FANG_ID


def test_an_agent_shows_a_paper_and_an_authority() -> None:
    found = wrong(capacity="agent")
    assert found.keys() == {"agent_name", "agent_number", "agent_document", "has_authority"}
    assert "相同" in wrong(**(cases.BY_AGENT | {"agent_number": WANG_FANG_ID}))["agent_number"][0]
    who = cases.visitor(**cases.BY_AGENT)
    assert (who.name, who.presenter_name, who.presenter_id) == ("王芳", "外人", STRANGER_ID)
    assert who.has_authority


def test_who_came_as_head_of_an_enterprise_is_checked_too() -> None:
    assert "agent_name" in wrong("enterprise", agent_name="")
    who = cases.visitor("enterprise")
    assert (who.number, who.presenter_name, who.presenter_id) == (QINGHE_USCC, "李明", LI_MING_ID)


def test_a_child_does_not_come_alone() -> None:
    child = id_number("20200101", 11)
    assert "监护人" in wrong(number=child)["capacity"][0]
    assert wrong(**(cases.BY_AGENT | {"number": child})) == {}


# --- who may
def test_only_clerks_of_the_department_take_it_in(matter: Matter, outsider: User, reviewer: User, clerk: User) -> None:
    for somebody in (outsider, reviewer):
        with pytest.raises(NotAllowed):
            filing.begin(somebody, matter, cases.visitor())
    case = cases.draft(clerk, matter)
    with pytest.raises(NotAllowed):
        filing.submit(case, outsider, seen=case.seen, declared=True)
    with pytest.raises(NotAllowed):
        filing.identify(case, cases.visitor(), outsider)
    assert list(filing.matters_for(actors.staff(clerk))) == [matter]
    assert not filing.matters_for(actors.staff(outsider)).exists()
    assert list(filing.open_drafts(actors.staff(clerk))) == [case]
    assert not filing.open_drafts(actors.staff(outsider)).exists()


def test_a_matter_for_enterprises_is_not_begun_for_a_person(market_bureau, clerk: User) -> None:
    matter = factories.matter(market_bureau, header={"service_objects": ["2"]})
    with pytest.raises(NotPossible, match="不能以个人名义"):
        filing.begin(clerk, matter, cases.visitor())
    assert filing.begin(clerk, matter, cases.visitor("enterprise")).applicant_kind == "enterprise"


def test_the_window_also_takes_what_cannot_be_filed_online(market_bureau, clerk: User) -> None:
    matter = factories.matter(market_bureau, form={"sections": []})
    assert not matter.online
    assert cases.filed(clerk, matter).state == State.RECEIVED


# --- filing
def test_it_is_filed_and_received_at_once(matter: Matter, clerk: User) -> None:
    case = cases.filed(clerk, matter)
    case.refresh_from_db()
    assert (case.state, case.version, case.channel) == (State.RECEIVED, 2, "counter")
    assert is_number(case.number)
    assert series_of(case.number) == "counter"
    assert len(case.query_code) == 6
    assert case.applicant_id_hash == keyed_hash(WANG_FANG_ID)
    assert case.submitted_at == moment("2026-03-03 10:00")
    assert case.handler == clerk
    assert case.silence_due.isoformat() == "2026-03-10"


def test_the_record_says_who_filed_and_who_took_it_in(matter: Matter, clerk: User) -> None:
    case = cases.filed(clerk, matter, cases.visitor(**cases.BY_AGENT))
    checked, submitted, received, *_ = Event.objects.filter(application=case).order_by("place")
    assert (checked.action, checked.actor_kind, checked.actor_name) == ("check_identity", "staff", "陈静")
    assert checked.data["presenter"] == "外人"
    assert checked.data["capacity"] == "委托代理人"
    assert (submitted.action, submitted.actor_kind, submitted.actor_name) == ("submit", "applicant", "王芳")
    assert (submitted.data["taken_in_by"], submitted.data["window"]) == ("陈静", "3 号窗口")
    assert (received.action, received.actor_name) == ("receive", "陈静")
    told = "".join(str(event.data) for event in (checked, submitted, received))
    assert WANG_FANG_ID not in told
    assert STRANGER_ID not in told


def test_pressing_twice_files_once(matter: Matter, clerk: User) -> None:
    case = cases.draft(clerk, matter)
    seen = case.seen
    filing.submit(case, clerk, seen=seen, declared=True, render=False)
    count = Event.objects.count()
    with pytest.raises(CaseMoved):
        filing.submit(case, clerk, seen=seen, declared=True, render=False)
    assert Event.objects.count() == count
    assert Outbox.objects.filter(topic="application.filed_inside").count() == 1


def test_what_is_missing_stops_it_and_leaves_nothing_behind(matter: Matter, clerk: User) -> None:
    case = filing.begin(clerk, matter, cases.visitor())
    with pytest.raises(DataMissing) as refused:
        filing.submit(case, clerk, seen=case.seen, declared=False)
    assert refused.value.fields.keys() == {"section:place", "material:plan", "declared"}
    case.refresh_from_db()
    assert (case.state, case.number, case.event_count) == (State.DRAFT, None, 0)


def test_a_scan_needs_a_level_of_trust_and_paper_does_without_a_scan(matter: Matter, clerk: User) -> None:
    case, actor = filing.begin(clerk, matter, cases.visitor()), actors.staff(clerk)
    files.hand_in(case, "plan")
    assert "可信等级" in drafts.missing(case)["material:plan"]
    papers.note(case, "plan", originals=0, copies=0, trust="B", actor=actor)
    assert "material:plan" not in drafts.missing(case)
    files.hand_in(case, "proof")  # not necessary, but what is handed in is judged
    assert "material:proof" in drafts.missing(case)
    papers.note(case, "proof", originals=0, copies=2, trust="D", actor=actor)
    assert "material:proof" not in drafts.missing(case)
    papers.note(case, "proof", originals=0, copies=0, trust="", actor=actor)
    assert not case.presented.filter(key="proof").exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"originals": 1, "copies": 0, "trust": ""}, "trust"),
        ({"originals": 1, "copies": 0, "trust": "E"}, "trust"),
        ({"originals": -1, "copies": 0, "trust": "A"}, "originals"),
        ({"originals": 0, "copies": 100, "trust": "A"}, "copies"),
    ],
)
def test_a_note_that_cannot_be_is_refused(matter: Matter, clerk: User, said: dict, field: str) -> None:
    case = filing.begin(clerk, matter, cases.visitor())
    with pytest.raises(DataMissing) as refused:
        papers.note(case, "plan", actor=actors.staff(clerk), **said)
    assert refused.value.fields.keys() == {field}


def test_after_filing_nothing_more_is_noted(matter: Matter, clerk: User) -> None:
    case = cases.filed(clerk, matter)
    with pytest.raises(NotPossible):
        papers.note(case, "plan", originals=2, copies=0, trust="B", actor=actors.staff(clerk))


def test_files_of_other_people_are_never_offered_again(matter: Matter, clerk: User, wang_fang: User) -> None:
    """No case inside has an account; that must not make them all one applicant's."""
    factories.submitted(wang_fang, matter)
    Application.objects.update(owner=None)
    case = filing.begin(clerk, matter, cases.visitor("enterprise"))
    assert not uploads.given_before(case).exists()


# --- the receipt
def test_the_receipt_says_what_was_taken_in_and_by_whom(matter: Matter, clerk: User) -> None:
    case = cases.draft(clerk, matter, cases.visitor(**cases.BY_AGENT))
    files.hand_in(case, "plan")
    case = filing.submit(case, clerk, seen=case.seen, declared=True, render=False)
    receipt = case.documents.get(kind="receipt")
    said = receipt.content
    assert said["receiver"] == "陈静（3 号窗口）"
    assert said["presenter"] == "外人"
    assert said["case"]["channel"] == "窗口申请"
    assert (said["case"]["number"], said["case"]["query_code"]) == (case.number, case.query_code)
    (plan,) = said["case"]["materials"]
    assert (plan["name"], plan["originals"], plan["copies"], plan["electronic"]) == ("经营场所平面图", 1, 0, 1)
    assert WANG_FANG_ID not in str(said)


def test_receipts_of_the_two_sides_never_have_one_number(matter: Matter, clerk: User, wang_fang: User) -> None:
    online = factories.submitted(wang_fang, matter).documents.get(kind="receipt").number
    inside = cases.filed(clerk, matter).documents.get(kind="receipt").number
    assert online != inside
    assert "窗收" in inside


def test_the_same_applicant_s_running_case_is_shown_before_filing(matter: Matter, clerk: User) -> None:
    first = cases.filed(clerk, matter)
    second = cases.draft(clerk, matter)
    assert filing.running(second) == [first]
    other = cases.draft(clerk, matter, cases.visitor("enterprise"))
    assert filing.running(other) == []


def test_one_fact_leaves_for_the_submission_and_one_for_the_receipt(matter: Matter, clerk: User) -> None:
    case: Application = cases.filed(clerk, matter)
    assert [row.topic for row in Outbox.objects.order_by("id")] == ["application.filed_inside", "application.moved"]
    payload = facts("application.filed_inside")[0].payload
    assert payload["number"] == case.number
    assert payload["presented"][0]["trust"] == "B"
    assert STRANGER_ID not in str(payload)
