"""The same way for programs: begin, fill, hand in, submit, read, withdraw; the coordinator's whole."""

from typing import Any

import pytest
from django.test import Client

from applications.models import JointCase, Request
from applications.states import State
from identity.models import Enterprise, User
from matters.models import JointMatter
from tests import people
from tests.applications.applicant import files
from tests.applications.joint.conftest import FIRE, FOOD, LAND

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/applicant/joint/"
JSON = "application/json"


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(ROOT + path, body, content_type=JSON)


def test_from_nothing_to_submitted(
    on_outer: str, package: JointMatter, browser: Client, qinghe: Enterprise, no_rendering: None
) -> None:
    begin = {"package": "restaurant", "members": [FIRE], "enterprise": str(qinghe.uid)}
    answer = post(browser, "", begin)
    joint = answer.json()
    assert answer.status_code == 201, joint
    assert [one["matter_code"] for one in joint["members"]] == [FIRE, FOOD, LAND] or len(joint["members"]) == 3
    assert {"section:place", "section:fire"} <= set(joint["missing"])
    assert post(browser, "", begin).status_code == 200

    here = f"{joint['uid']}/"
    wrong = browser.patch(f"{ROOT}{here}sections/place/", {"answers": {"name": "", "area": "1"}}, content_type=JSON)
    assert wrong.status_code == 422
    for key, answers in (("place", {"name": "青禾小厨", "area": "320"}), ("fire", {"exits": "2"})):
        done = browser.patch(f"{ROOT}{here}sections/{key}/", {"answers": answers}, content_type=JSON)
        assert done.status_code == 200, done.content
    for paper in joint["papers"]:
        sent = browser.post(f"{ROOT}{here}papers/", {"key": paper["key"], "file": files.upload()})
        assert sent.status_code == 201, sent.content
    assert browser.get(ROOT + here).json()["missing"] == {}

    assert post(browser, f"{here}submit/", {"declared": False}).status_code == 422
    done = post(browser, f"{here}submit/", {"declared": True}).json()
    assert (len(done["number"]), len(done["query_code"])) == (21, 6)
    assert {one["state"] for one in done["members"]} == {State.SUBMITTED}
    assert post(browser, f"{here}submit/", {"declared": True}).json()["number"] == done["number"]
    assert browser.get(ROOT).json()["results"][0]["state_label"] == "待受理"

    assert post(browser, f"{here}withdrawal/", {"reason": "不开了"}).status_code == 200
    assert Request.objects.filter(action="withdraw").count() == 3
    assert post(browser, f"{here}withdrawal/", {}).status_code == 409


def test_a_file_is_taken_back_from_every_member(ready: JointCase, browser: Client) -> None:
    joint = browser.get(f"{ROOT}{ready.uid}/").json()
    plan = joint["papers"][0]
    gone = browser.delete(f"{ROOT}{ready.uid}/papers/{plan['key']}/{plan['files'][0]['sha256']}/")
    assert gone.status_code == 204
    assert f"material:{plan['key']}" in browser.get(f"{ROOT}{ready.uid}/").json()["missing"]


def test_a_draft_is_thrown_away_and_foreign_ones_do_not_exist(
    joint_draft: JointCase, browser: Client, other: Client
) -> None:
    assert other.get(f"{ROOT}{joint_draft.uid}/").status_code == 404
    assert post(other, f"{joint_draft.uid}/submit/", {"declared": True}).status_code == 404
    assert browser.delete(f"{ROOT}{joint_draft.uid}/").status_code == 204
    assert not JointCase.objects.exists()


def test_the_lead_reads_the_whole(arrived: JointCase, clerk: User, housing_clerk: User) -> None:
    url = "/api/v1/staff/joint/"
    lead = people.login(clerk)
    assert [row["number"] for row in lead.get(url).json()["results"]] == [arrived.number]
    whole = lead.get(f"{url}{arrived.number}/").json()
    assert [one["state"] for one in whole["members"]] == [State.RECEIVED] * 3
    assert whole["limit"]["due"] is None
    foreign = people.login(housing_clerk)
    assert foreign.get(url).json()["results"] == []
    assert foreign.get(f"{url}{arrived.number}/").status_code == 404
