"""The same way for programs: drafts, materials, submission, requests; refusals carry codes."""

import pytest
from django.test import Client

from applications import corrections
from applications.models import Application, Request
from applications.states import State
from identity.models import Enterprise, User
from matters.models import Matter
from tests import people
from tests.applications.applicant import files
from tests.applications.applicant.test_correction import asked, now  # noqa: F401  fixtures
from tests.helpers import move

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/applicant/applications/"
JSON = "application/json"


def post(client: Client, path: str, body: dict):
    return client.post(ROOT + path, body, content_type=JSON)


def patch(client: Client, case: Application | dict, key: str, answers: object):
    uid = case["uid"] if isinstance(case, dict) else case.uid
    return client.patch(f"{ROOT}{uid}/sections/{key}/", {"answers": answers}, content_type=JSON)


def test_from_nothing_to_submitted(matter: Matter, browser: Client) -> None:
    case = post(browser, "", {"matter": matter.code}).json()
    assert set(case["missing"]) == {"section:place", "section:staff", "material:plan"}
    patch(browser, case, "place", {"name": "青禾小厨", "area": "80.5", "owner": "王芳"})
    patch(browser, case, "staff", [{"name": "赵敏"}])
    sent = browser.post(f"{ROOT}{case['uid']}/materials/", {"key": "plan", "file": files.upload()})
    assert (sent.status_code, sent.json()["content_type"]) == (201, "application/pdf")
    done = post(browser, f"{case['uid']}/submit/", {"declared": True}).json()
    assert (done["state"], len(done["number"]), len(done["query_code"])) == ("SUBMITTED", 21, 6)
    assert done["documents"][0]["kind"] == "receipt"
    again = post(browser, f"{case['uid']}/submit/", {"declared": True}).json()
    assert again["number"] == done["number"]


def test_a_second_draft_only_when_asked_for(draft: Application, matter: Matter, browser: Client) -> None:
    same = post(browser, "", {"matter": matter.code})
    assert (same.status_code, same.json()["uid"]) == (200, str(draft.uid))
    other = post(browser, "", {"matter": matter.code, "again": True})
    assert (other.status_code, Application.objects.count()) == (201, 2)


def test_in_the_name_of_an_enterprise(matter: Matter, zhao_min: User, qinghe: Enterprise, browser: Client) -> None:
    case = post(people.login(zhao_min), "", {"matter": matter.code, "enterprise": str(qinghe.uid)}).json()
    assert (case["applicant_name"], case["enterprise"]) == (qinghe.name, str(qinghe.uid))
    foreign = post(browser, "", {"matter": matter.code, "enterprise": str(qinghe.uid)})
    assert (foreign.status_code, list(foreign.json()["fields"])) == (422, ["enterprise"])


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [({}, 422, "matter"), ({"matter": "NO"}, 422, "matter"), ({"matter": "NO", "enterprise": "x"}, 422, "enterprise")],
)
def test_bad_beginnings(on_outer: str, browser: Client, body: dict, status: int, field: str) -> None:
    answer = post(browser, "", body)
    assert (answer.status_code, field in answer.json()["fields"]) == (status, True)


def test_a_closed_matter(matter: Matter, browser: Client) -> None:
    Matter.objects.update(active=False)
    answer = post(browser, "", {"matter": matter.code})
    assert (answer.status_code, answer.json()["code"]) == (409, "closed")


def test_wrong_answers_are_refused_field_by_field(draft: Application, browser: Client) -> None:
    answer = patch(browser, draft, "place", {"name": "", "area": "很大", "nothing": 1})
    assert answer.status_code == 422
    assert {"place.name", "place.area", "place.nothing"} <= set(answer.json()["fields"])
    assert Application.objects.get().answers == {}
    assert patch(browser, draft, "nothing", {}).status_code == 404
    assert patch(browser, draft, "place", "x").status_code == 422


@pytest.mark.parametrize(
    ("content", "code", "status"), [(b"", "empty", 422), (b"words", "type_mismatch", 422), (None, "no_file", 422)]
)
def test_refused_files(draft: Application, browser: Client, content: bytes | None, code: str, status: int) -> None:
    body = {"key": "plan"} | ({} if content is None else {"file": files.upload(content=content)})
    answer = browser.post(f"{ROOT}{draft.uid}/materials/", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_oversize_files(draft: Application, browser: Client, settings) -> None:
    settings.HALL_MAX_UPLOAD_MB = 1
    big = files.upload(content=files.pdf() + b"\0" * (3 << 20))
    answer = browser.post(f"{ROOT}{draft.uid}/materials/", {"key": "plan", "file": big})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")


def test_a_file_is_taken_back(ready: Application, browser: Client) -> None:
    row = ready.materials.get()
    assert browser.delete(f"{ROOT}{ready.uid}/materials/{row.pk}/").status_code == 204
    assert browser.delete(f"{ROOT}{ready.uid}/materials/{row.pk}/").status_code == 404


def test_an_incomplete_draft_is_not_submitted(draft: Application, browser: Client) -> None:
    answer = post(browser, f"{draft.uid}/submit/", {"declared": True})
    assert (answer.status_code, answer.json()["code"]) == (422, "data_missing")
    assert "section:place" in answer.json()["fields"]


def test_without_the_declaration_neither(ready: Application, browser: Client) -> None:
    assert "declared" in post(browser, f"{ready.uid}/submit/", {"declared": False}).json()["fields"]
    assert "declared" in post(browser, f"{ready.uid}/submit/", {}).json()["fields"]
    assert Application.objects.get().state == State.DRAFT


def test_the_list_is_mine(ready: Application, browser: Client, other: Client) -> None:
    assert browser.get(ROOT).json()["results"][0]["uid"] == str(ready.uid)
    assert browser.get(ROOT, {"state": "SUBMITTED"}).json()["count"] == 0
    assert browser.get(ROOT, {"enterprise": "x"}).status_code == 422
    assert other.get(ROOT).json()["count"] == 0


def test_the_other_applicant_finds_nothing(ready: Application, other: Client) -> None:
    answers = [
        other.get(f"{ROOT}{ready.uid}/"),
        other.delete(f"{ROOT}{ready.uid}/"),
        patch(other, ready, "place", {}),
        other.post(f"{ROOT}{ready.uid}/materials/", {"key": "plan", "file": files.upload()}),
        other.delete(f"{ROOT}{ready.uid}/materials/{ready.materials.get().pk}/"),
        post(other, f"{ready.uid}/submit/", {"declared": True}),
        post(other, f"{ready.uid}/requests/", {"action": "withdraw"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert {answer.json()["code"] for answer in answers} == {"not_found"}


def test_nobody_without_login(ready: Application) -> None:
    assert Client().get(f"{ROOT}{ready.uid}/").status_code == 401


def test_withdrawing(filed: Application, browser: Client) -> None:
    move(filed, "receive", by=None)
    answer = post(browser, f"{filed.uid}/requests/", {"action": "withdraw", "reason": "不办了"})
    assert (answer.status_code, answer.json()["standing"]) == (201, "sent")
    again = post(browser, f"{filed.uid}/requests/", {"action": "withdraw"})
    assert (again.status_code, again.json()["code"]) == (409, "not_possible")
    assert post(browser, f"{filed.uid}/requests/", {"action": "grant"}).status_code == 422


def test_correcting(asked: Application, browser: Client, now: None) -> None:  # noqa: F811
    lacking = post(browser, f"{asked.uid}/requests/", {"action": "supplement"})
    assert (lacking.status_code, set(lacking.json()["fields"])) == (422, {"material:plan", "section:place"})
    assert patch(browser, asked, "staff", [{"name": "别人"}]).status_code == 409
    patch(browser, asked, "place", {"name": "青禾小厨", "area": "90", "owner": "王芳"})
    browser.post(f"{ROOT}{asked.uid}/materials/", {"key": "plan", "file": files.upload(content=files.pdf("new"))})
    assert post(browser, f"{asked.uid}/requests/", {"action": "supplement"}).status_code == 201
    assert Request.objects.get().changes["answers"]["place"]["area"] == "90"
    assert not corrections.is_open(asked)


def test_only_drafts_are_thrown_away(ready: Application, browser: Client, filed: Application) -> None:
    assert browser.delete(f"{ROOT}{filed.uid}/").status_code == 409
    assert Application.objects.count() == 1


def test_the_public_status(filed: Application) -> None:
    found = Client().post(
        "/api/v1/public/status/", {"number": filed.number, "code": filed.query_code.lower()}, content_type=JSON
    )
    assert (found.status_code, found.json()["state"], found.json()["applicant"]) == (200, "SUBMITTED", "王*")
    wrong = Client().post("/api/v1/public/status/", {"number": filed.number, "code": "AAAAAA"}, content_type=JSON)
    absent = Client().post("/api/v1/public/status/", {"number": "1", "code": "AAAAAA"}, content_type=JSON)
    assert (wrong.status_code, wrong.json()) == (absent.status_code, absent.json())
    assert wrong.json()["code"] == "not_found"
    assert Client().post("/api/v1/public/status/", {}, content_type=JSON).status_code == 422


def test_the_public_status_is_rate_limited(on_outer: str, db: None) -> None:
    for guess in range(10):
        Client().post("/api/v1/public/status/", {"number": str(guess), "code": "A"}, content_type=JSON)
    answer = Client().post("/api/v1/public/status/", {"number": "1", "code": "A"}, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert int(answer["Retry-After"]) > 0
