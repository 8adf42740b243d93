"""The window by program: the same checks as on the pages, refusals as problems."""

import errno
from typing import Any

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.urls import reverse

from applications.models import Application
from applications.states import State
from identity.models import User
from matters.models import Matter
from tests.applications import counter_cases as cases
from tests.applications.applicant import files
from tests.helpers import move
from tests.people import WANG_FANG_ID, login

pytestmark = pytest.mark.usefixtures("on_inner", "no_rendering", "office_hours")
VISITOR = {"kind": "person"} | cases.PERSON
WHOLE = {
    "answers": {"place": {"name": "青禾", "area": "20"}},
    "presented": [{"key": "plan", "originals": 1, "trust": "B"}],
}


def call(user: User, method: str, route: str, *args: object, **body: Any) -> tuple[int, Any]:
    send = getattr(login(user), method)
    answer = send(reverse(f"api-staff:{route}", args=args), body, "application/json")
    return answer.status_code, answer.json() if answer.content else None


def test_one_call_files_a_whole_application(matter: Matter, clerk: User) -> None:
    body = {"matter": matter.code, "visitor": VISITOR, "submit": True, "declared": True} | WHOLE
    status, said = call(clerk, "post", "counter", **body)
    assert status == 201, said
    assert (said["state"], said["channel"], said["missing"]) == ("RECEIVED", "counter", {})
    assert said["counter"]["clerk_name"] == "陈静"
    assert said["presented"][0]["trust"] == "B"
    assert WANG_FANG_ID not in str(said)
    assert Application.objects.get(number=said["number"]).state == State.RECEIVED
    status, case = call(clerk, "get", "application", said["number"])
    assert (case["channel"], case["presented"][0]["originals"]) == ("counter", 1)


def test_a_draft_is_filled_in_step_by_step(matter: Matter, clerk: User) -> None:
    status, said = call(clerk, "post", "counter", matter=matter.code, visitor=VISITOR)
    assert status == 201
    assert said["missing"].keys() == {"section:place", "material:plan"}
    uid = said["uid"]
    upload = login(clerk).post(
        reverse("api-staff:counter-materials", args=[uid]), {"key": "plan", "file": files.upload()}
    )
    assert upload.status_code == 201
    status, said = call(clerk, "patch", "counter-draft", uid, **WHOLE)
    assert (status, said["missing"]) == (200, {})
    status, said = call(clerk, "post", "counter-submission", uid, seen=said["seen"], declared=True)
    assert (status, said["state"]) == (200, "RECEIVED")
    assert call(clerk, "get", "counter-draft", uid)[0] == 404  # it is a case now


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"visitor": VISITOR | {"number": WANG_FANG_ID[:-1] + "0"}}, "number"),
        ({"visitor": VISITOR | {"capacity": "agent"}}, "has_authority"),
        ({"visitor": {"name": "王芳"}}, "visitor"),
        ({"matter": "YC-NONE"}, "matter"),
        ({"answers": {"place": {"name": ""}}}, "place.name"),
        ({"answers": {"nonsense": {}}}, "nonsense"),
        ({"presented": [{"key": "plan", "originals": 1, "trust": "E"}]}, "presented"),
        ({"declared": False}, "declared"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_kept(
    matter: Matter, clerk: User, change: dict[str, Any], field: str
) -> None:
    body = {"matter": matter.code, "visitor": VISITOR, "submit": True, "declared": True} | WHOLE | change
    status, said = call(clerk, "post", "counter", **body)
    assert status == 422
    assert field in said["fields"], said
    assert not Application.objects.exists()


def test_a_hostile_scan_is_refused(matter: Matter, clerk: User) -> None:
    case = cases.draft(clerk, matter)
    here = reverse("api-staff:counter-materials", args=[case.uid])
    answer = login(clerk).post(here, {"key": "plan", "file": files.upload("a.pdf", b"MZ\x90\x00")})
    assert answer.status_code == 422
    assert not case.materials.exists()


def test_a_disk_that_fills_while_a_scan_arrives(matter: Matter, clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: object, *args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    case = cases.draft(clerk, matter)
    monkeypatch.setattr(MemoryFileUploadHandler, "receive_data_chunk", full)
    here = reverse("api-staff:counter-materials", args=[case.uid])
    answer = login(clerk).post(here, {"key": "plan", "file": files.upload()})
    assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")


def test_only_clerks_of_the_department(matter: Matter, clerk: User, outsider: User, reviewer: User) -> None:
    body = {"matter": matter.code, "visitor": VISITOR}
    assert call(outsider, "post", "counter", **body)[0] == 422
    assert call(reviewer, "post", "counter", **body)[0] == 403
    case = cases.draft(clerk, matter)
    assert call(outsider, "get", "counter-draft", case.uid)[0] == 404
    assert call(outsider, "delete", "counter-draft", case.uid)[0] == 404
    assert call(clerk, "delete", "counter-draft", case.uid)[0] == 204


def test_a_stale_filing_is_told_so(matter: Matter, clerk: User) -> None:
    case = cases.draft(clerk, matter)
    status, said = call(clerk, "post", "counter-submission", case.uid, seen="DRAFT.9", declared=True)
    assert (status, said["code"]) == (409, "case_moved")


def test_a_correction_and_a_withdrawal_in_person(received: Application, clerk: User, outsider: User) -> None:
    case = move(received, "ask_correction", by=clerk)
    body: dict[str, Any] = {"action": "supplement", "seen": case.seen}
    assert call(outsider, "post", "in-person", case.number, **body)[0] == 404
    assert call(clerk, "post", "in-person", case.number, **body)[0] == 422
    body["presented"] = [{"key": "plan", "originals": 1, "trust": "B"}]
    status, said = call(clerk, "post", "in-person", case.number, **body)
    assert (status, said["state"]) == (200, "RESUBMITTED")
    body = {"action": "withdraw", "seen": said["seen"], "reason": "不开了"}
    status, said = call(clerk, "post", "in-person", case.number, **body)
    assert (status, said["state"]) == (200, "WITHDRAWN")
