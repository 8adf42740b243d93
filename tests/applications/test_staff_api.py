"""The officers' programming interface: a whole case driven by it, and every way of being refused."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from applications.models import Application, Event
from applications.states import State
from identity.models import Department, User
from identity.tokens import issue
from sync.models import Outbox
from tests import factories
from tests.helpers import DATA, move
from tests.people import login

pytestmark = pytest.mark.usefixtures("office_hours")
API = Path(__file__).resolve().parents[2] / "applications" / "api"
CORRECTION = {"items": [{"target": "material:plan", "problem": "缺少比例尺", "remedy": "标注比例尺"}]}


def moves_url(case: Application) -> str:
    return reverse("api-staff:moves", args=[case.number])


def offered(case: Application, user: User) -> dict[str, dict[str, Any]]:
    return {row["action"]: row for row in login(user).get(moves_url(case)).json()}


def post(case: Application, user: User, action: str, **body: Any) -> tuple[int, dict[str, Any]]:
    """Make a move as a program does; ``seen`` is what is there unless the test says otherwise."""
    case.refresh_from_db()
    body = {"action": action, "seen": case.seen} | body
    answer = login(user).post(moves_url(case), body, "application/json")
    return answer.status_code, answer.json()


def bearer(user: User) -> str:
    """A header with a token issued today: tokens are checked against the computer's clock, not the test's."""
    with mock.patch("django.utils.timezone.now", side_effect=lambda: datetime.now(UTC)):
        return f"Bearer {issue(user)}"


# --- it works
def test_a_whole_case_is_driven_from_receipt_to_the_end(
    received: Application, clerk: User, reviewer: User, approver: User
) -> None:
    course = [
        (clerk, "accept"),
        (clerk, "pass_on"),
        (reviewer, "pass_on"),
        (approver, "grant"),
        (clerk, "deliver"),
        (clerk, "close"),
    ]
    for user, action in course:
        row = offered(received, user)[action]
        data = {name: DATA[action][name] for name in row["needs"]}
        status, body = post(received, user, action, seen=row["seen"], **data)
        assert status == 200, body
        assert body["seen"] == f"{body['state']}.{body['version']}"
    received.refresh_from_db()
    assert (received.state, received.finish_kind) == (State.CLOSED, "0")
    assert list(received.documents.values_list("kind", flat=True)) == [
        "receipt",
        "acceptance",
        "grant",
        "licence",
        "delivery",
    ]


def test_a_bearer_token_does_as_well_as_a_session(received: Application, clerk: User) -> None:
    headers = {"Authorization": bearer(clerk)}
    body = {"action": "accept", "seen": received.seen}
    answer = Client().post(moves_url(received), body, "application/json", headers=headers)
    assert (answer.status_code, answer.json()["state"]) == (200, "ACCEPTED")
    assert Event.objects.get(application=received, action="accept").actor_name == "陈静"


def test_a_session_needs_its_csrf_token_and_a_bearer_token_does_not(received: Application, clerk: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clerk)
    body = {"action": "accept", "seen": received.seen}
    assert strict.post(moves_url(received), body, "application/json").status_code == 403
    by_token = Client(enforce_csrf_checks=True, headers={"Authorization": bearer(clerk)})
    assert by_token.post(moves_url(received), body, "application/json").status_code == 200


def test_a_move_goes_out_to_the_other_side(received: Application, clerk: User) -> None:
    before = Outbox.objects.filter(topic="application.moved").count()
    post(received, clerk, "accept")
    assert Outbox.objects.filter(topic="application.moved").count() == before + 1


def test_the_list_of_moves_is_exactly_what_this_person_can_do(
    received: Application, clerk: User, reviewer: User
) -> None:
    rows = offered(received, clerk)
    assert set(rows) == {
        "accept", "ask_correction", "fix_on_spot", "refuse_intake", "tell_not_required", "terminate",
    }  # fmt: skip
    assert rows["refuse_intake"] == {
        "action": "refuse_intake",
        "label": "不予受理",
        "needs": ["reason", "right_organ", "late_reason"],  # it is the day after receipt
        "optional": [],
        "choices": {},
        "final": True,
        "seen": received.seen,
    }
    assert rows["ask_correction"]["choices"]["target"] == ["material:plan", "material:proof", "section:place"]
    assert offered(received, reviewer) == {}


def test_the_list_of_moves_says_which_values_a_field_takes(in_review: Application, reviewer: User) -> None:
    assert offered(in_review, reviewer)["pause"]["choices"] == {"procedure": ["expert_review", "testing"]}


# --- who may not
def test_nobody_unknown_gets_in(received: Application) -> None:
    for url in (reverse("api-staff:applications"), reverse("api-staff:application", args=[received.number])):
        answer = Client().get(url)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert Client().post(moves_url(received), {}, "application/json").status_code == 401
    spoilt = Client(headers={"Authorization": "Bearer abc"}).get(moves_url(received))
    assert (spoilt.status_code, spoilt.json()["code"]) == (401, "authentication_failed")


def test_the_wrong_post_is_refused(received: Application, reviewer: User) -> None:
    status, body = post(received, reviewer, "accept")
    assert (status, body["code"]) == (403, "not_allowed")
    assert "您的岗位" in body["detail"]


def test_a_foreign_case_and_an_unknown_number_look_alike(received: Application, outsider: User) -> None:
    unknown = login(outsider).get(reverse("api-staff:moves", args=["5" * 21]))
    foreign = login(outsider).get(moves_url(received))
    assert (foreign.status_code, foreign.content) == (404, unknown.content)
    assert post(received, outsider, "accept")[0] == 404
    assert login(outsider).get(reverse("api-staff:application", args=[received.number])).status_code == 404


# --- not now
def test_a_case_that_moved_is_a_conflict_and_nothing_happens(received: Application, clerk: User) -> None:
    seen = received.seen
    move(received, "ask_correction", by=clerk)
    status, body = post(received, clerk, "accept", seen=seen)
    assert (status, body["code"]) == (409, "case_moved")
    assert "待补正" in body["detail"]
    received.refresh_from_db()
    assert received.state == State.CORRECTION


def test_a_colleague_who_is_quicker_by_a_breath_is_seen_too(
    received: Application, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(case: Application, action: str, sent: dict[str, Any]) -> dict[str, Any]:
        move(received, "ask_correction", by=clerk)
        return {"reason": "申请人已经注销。"}

    monkeypatch.setattr("applications.api.staff.move_data", meanwhile)
    status, body = post(received, clerk, "terminate")
    assert (status, body["code"]) == (409, "case_moved")


def test_a_double_post_moves_once(received: Application, clerk: User) -> None:
    seen = received.seen
    assert post(received, clerk, "accept", seen=seen)[0] == 200
    assert post(received, clerk, "accept", seen=seen)[1]["code"] == "case_moved"
    assert Event.objects.filter(application=received, action="accept").count() == 1


@pytest.mark.parametrize("action", ["grant", "no_such_move"])
def test_a_move_that_is_not_possible_is_a_conflict(received: Application, clerk: User, action: str) -> None:
    status, body = post(received, clerk, action, opinion="同意。")
    assert (status, body["code"]) == (409, "not_possible")


# --- bad input
@pytest.mark.parametrize(
    ("action", "body", "fields"),
    [
        ("refuse_intake", {}, {"reason", "right_organ", "late_reason"}),
        ("refuse_intake", {"reason": "   ", "right_organ": "某局", "late_reason": "停电"}, {"reason"}),
        ("refuse_intake", {"reason": "字" * 2001, "right_organ": "某局", "late_reason": "停电"}, {"reason"}),
        ("refuse_intake", {"reason": ["不是文字"], "right_organ": "某局", "late_reason": "停电"}, {"reason"}),
        ("ask_correction", {}, {"items"}),
        ("ask_correction", {"items": []}, {"items"}),
        ("ask_correction", {"items": "平面图"}, {"items"}),
        ("ask_correction", {"items": [{"target": "material:plan"}]}, {"items"}),
        ("ask_correction", {"items": [{"target": "material:nothing", "problem": "缺"}]}, {"items"}),
        ("ask_correction", {"items": [*CORRECTION["items"], *CORRECTION["items"]]}, {"items"}),
        ("accept", {"seen": None}, {"seen"}),
        ("", {}, {"action"}),
    ],
)
def test_what_is_missing_or_wrong_is_named(
    received: Application, clerk: User, action: str, body: dict[str, Any], fields: set[str]
) -> None:
    status, answer = post(received, clerk, action, **body)
    assert (status, answer["code"], set(answer["fields"])) == (422, "data_missing", fields)
    assert all(isinstance(sentence, str) for found in answer["fields"].values() for sentence in found)
    received.refresh_from_db()
    assert received.state == State.RECEIVED


def test_an_item_without_a_problem_is_counted_out(received: Application, clerk: User) -> None:
    items = [*CORRECTION["items"], {"target": "section:place", "remedy": "重填"}]
    _, answer = post(received, clerk, "ask_correction", items=items)
    assert answer["fields"]["items"] == ["第 2 项：请写明问题 problem。"]


def test_a_procedure_that_the_guide_does_not_list_is_refused(in_review: Application, reviewer: User) -> None:
    status, answer = post(in_review, reviewer, "pause", procedure="hearing", reason="听证", expected_days=5)
    assert (status, set(answer["fields"])) == (422, {"procedure"})


@pytest.mark.parametrize("body", ["[1, 2]", "not json", '"text"'])
def test_a_body_that_is_no_object_is_refused_in_words(received: Application, clerk: User, body: str) -> None:
    answer = login(clerk).post(moves_url(received), body, "application/json")
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_a_correction_is_written_at_once(received: Application, clerk: User) -> None:
    assert post(received, clerk, "ask_correction", **CORRECTION)[0] == 200
    item = received.corrections.get()
    assert (item.target, item.label, item.problem) == ("material:plan", "经营场所平面图", "缺少比例尺")


# --- lists and details
def test_the_list_is_what_waits_for_this_person(received: Application, clerk: User, reviewer: User) -> None:
    url = reverse("api-staff:applications")
    assert [row["number"] for row in login(clerk).get(url).json()["results"]] == [received.number]
    assert login(reviewer).get(url).json()["results"] == []
    assert login(reviewer).get(url, {"tab": "department"}).json()["count"] == 1
    refused = login(clerk).get(url, {"tab": "everything"})
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"tab"})


def test_the_list_costs_the_same_for_any_number_of_rows(
    received: Application, clerk: User, wang_fang: User, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        factories.submitted(wang_fang, received.matter)
    client = login(clerk)
    with django_assert_max_num_queries(17):
        assert client.get(reverse("api-staff:applications")).json()["count"] == 6


def test_the_list_has_no_personal_numbers(received: Application, clerk: User) -> None:
    text = login(clerk).get(reverse("api-staff:applications")).content.decode()
    assert received.applicant_id not in text
    assert received.contact_phone not in text


def test_the_case_has_what_handling_needs_and_no_identity_number(received: Application, clerk: User) -> None:
    answer = login(clerk).get(reverse("api-staff:application", args=[received.number]))
    body = answer.json()
    assert body["answers"] == {"place": {"name": "12", "area": "12"}}
    assert [event["action"] for event in body["events"]] == ["submit", "receive"]
    assert [file["key"] for file in body["materials"]] == ["plan"]
    assert {clock["kind"] for clock in body["clocks"]} == {"intake", "silence"}
    assert received.applicant_id not in answer.content.decode()


def test_opinions_of_other_departments_are_seen_by_who_takes_part(
    on_inner: str, market_bureau: Department, wang_fang: User, clerk: User, housing_reviewer: User, housing_bureau: Any
) -> None:
    steps = factories.content(market_bureau)["guide"]["procedure"]
    both = steps[2] | {"department": housing_bureau.name, "name": "消防设计审查"}
    matter = factories.matter(market_bureau, procedure=[*steps[:3], both, *steps[3:]])
    case = move(move(factories.submitted(wang_fang, matter), "accept", by=clerk), "pass_on", by=clerk)
    assert set(offered(case, housing_reviewer)) >= {"pass_on"}
    assert post(case, housing_reviewer, "pass_on", opinion="消防合格。")[0] == 200
    assert offered(case, housing_reviewer) == {}


# --- the interface itself
def test_the_schema_is_written_without_a_warning(on_inner: str, tmp_path: Path) -> None:
    target = tmp_path / "schema.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    paths = yaml.safe_load(target.read_text())["paths"]
    moves = paths["/api/v1/staff/applications/{number}/moves/"]
    assert set(moves["post"]["responses"]) == {"200", "403", "404", "409", "422"}


def test_audiences_share_no_serializer() -> None:
    """What officers see must not reach applicants or the public because somebody reused a class."""
    homes = {
        audience: {path.stem: path.read_text() for path in API.glob(f"{audience}*.py")}
        for audience in ("staff", "applicant", "public")
    }
    for audience, modules in homes.items():
        foreign = {name for other, found in homes.items() if other != audience for name in found}
        for module, text in modules.items():
            used = {name for name in foreign if re.search(rf"applications\.api(\.| import .*\b){name}\b", text)}
            assert used == set(), f"{module} uses {used}"
