"""The interfaces to licences and bars: what the pages can do, programs can."""

from typing import Any

import pytest

from applications import actors, bars
from applications.models import Application, Bar, Licence
from identity.models import Department, User
from matters.models import Matter
from tests import factories
from tests.conftest import switch_side
from tests.factories import moment
from tests.helpers import move
from tests.people import login

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_rendering(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.tasks.enqueue", lambda uid: None)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2029-01-15 10:00"))


@pytest.fixture
def matter(market_bureau: Department) -> Matter:
    return factories.matter(market_bureau, header={"public_safety": True})


def send(user: User, url: str, **data: Any) -> Any:
    return login(user).post(url, data, content_type="application/json")


def test_the_holder_lists_renews_changes_and_asks(licence: Licence, wang_fang: User, settings: Any) -> None:
    switch_side(settings, "outer")
    base = "/api/v1/applicant/licences/"
    (one,) = login(wang_fang).get(base).json()["results"]
    assert (one["number"], one["days_left"], one["ask_until"]) == (licence.number, 48, "2029-02-02")
    detail = login(wang_fang).get(f"{base}{licence.uid}/").json()
    assert (detail["history"], detail["applications"]) == ([], [])
    begun = send(wang_fang, f"{base}{licence.uid}/applications/", purpose="renewal")
    assert begun.status_code == 201
    assert Application.objects.get(uid=begun.json()["uid"]).purpose == "renewal"
    same = send(wang_fang, f"{base}{licence.uid}/applications/", purpose="change", change={"holder": "王芳"})
    assert same.status_code == 422
    changed = send(wang_fang, f"{base}{licence.uid}/applications/", purpose="change", change={"holder": "王芳芳"})
    assert changed.status_code == 201
    assert send(wang_fang, f"{base}{licence.uid}/cancellation/").status_code == 422
    assert send(wang_fang, f"{base}{licence.uid}/cancellation/", reason="不再开店").status_code == 201
    assert send(wang_fang, f"{base}{licence.uid}/cancellation/", reason="不再开店").status_code == 409


def test_a_stranger_has_no_licence(licence: Licence, stranger: User, settings: Any) -> None:
    switch_side(settings, "outer")
    base = "/api/v1/applicant/licences/"
    assert login(stranger).get(base).json()["results"] == []
    assert login(stranger).get(f"{base}{licence.uid}/").status_code == 404
    assert send(stranger, f"{base}{licence.uid}/applications/", purpose="renewal").status_code == 404
    assert send(stranger, f"{base}{licence.uid}/cancellation/", reason="x").status_code == 404


def test_officers_list_and_end(licence: Licence, approver: User, clerk: User, outsider: User) -> None:
    base = "/api/v1/staff/licences/"
    assert login(clerk).get(base, {"tab": "expiring", "q": "王芳"}).json()["results"][0]["number"] == licence.number
    assert login(clerk).get(base, {"tab": "x"}).status_code == 422
    assert login(outsider).get(base).json()["results"] == []
    assert login(outsider).get(f"{base}{licence.uid}/").status_code == 404
    end = {"act": "revoke", "ground": "fraud", "reason": "伪造。"}
    assert send(clerk, f"{base}{licence.uid}/", **end).status_code == 403
    assert send(approver, f"{base}{licence.uid}/", **end | {"ground": "expired"}).status_code == 422
    done = send(approver, f"{base}{licence.uid}/", **end).json()
    assert (done["standing"], [row["kind"] for row in done["history"]]) == ("revoked", ["revoked"])
    assert send(approver, f"{base}{licence.uid}/", **end).status_code == 409


def test_officers_bar_and_lift(awaiting_decision: Application, approver: User, clerk: User, outsider: User) -> None:
    case = move(awaiting_decision, "refuse", by=approver)
    url = f"/api/v1/staff/applications/{case.number}/bars/"
    assert send(outsider, url, ground="false_materials", reason="x").status_code == 404
    assert send(clerk, url, ground="false_materials", reason="x").status_code == 403
    assert send(approver, url, ground="fraud", reason="x").status_code == 409
    made = send(approver, url, ground="false_materials", reason="伪造。")
    assert (made.status_code, made.json()["ends"]) == (201, "2030-01-15")
    listed = login(clerk).get("/api/v1/staff/bars/").json()["results"]
    assert [row["application"] for row in listed] == [case.number]
    lift = f"/api/v1/staff/bars/{made.json()['uid']}/lift/"
    assert send(outsider, lift, reason="x").status_code == 404
    assert send(clerk, lift, reason="x").status_code == 403
    assert send(approver, lift, reason="申辩成立。").json()["lifted_on"] == "2029-01-15"
    assert send(approver, lift, reason="申辩成立。").status_code == 409


def test_who_is_barred_cannot_begin_by_interface(
    awaiting_decision: Application, approver: User, wang_fang: User, settings: Any
) -> None:
    case = move(awaiting_decision, "refuse", by=approver)
    bars.impose(case.pk, actor=actors.staff(approver), ground="false_materials", reason="伪造。")
    assert Bar.objects.exists()
    switch_side(settings, "outer")
    answer = send(wang_fang, "/api/v1/applicant/applications/", matter=case.matter.code)
    assert (answer.status_code, "不得再次申请" in answer.json()["detail"]) == (409, True)
