"""The applicant's way: from the package's page over one form and one set of papers to one page of results."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.joint import papers
from applications.models import JointCase, Request
from identity.models import Enterprise, User
from matters.models import JointMatter
from tests.applications.applicant import files
from tests.applications.joint.conftest import FIRE, FOOD, LAND, WHEN, child
from tests.helpers import move

pytestmark = pytest.mark.django_db


def at(name: str, *args: object) -> str:
    return reverse(f"applications:{name}", args=args)


def html(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def test_the_packages_page_leads_to_the_application(on_outer: str, package: JointMatter, client: Client) -> None:
    page = html(client, f"/packages/restaurant/?when={WHEN}&narrow=1")
    assert "/apply/joint/restaurant/?" in page
    assert "when=%E8%90%A5" in page


def test_begin_fill_and_submit(
    on_outer: str, package: JointMatter, browser: Client, zhao_min: User, qinghe: Enterprise, no_rendering: None
) -> None:
    page = html(browser, f"{at('joint-start', 'restaurant')}?when={WHEN}")
    assert "消防安全检查" in page
    assert re.search(rf'value="{FIRE}" checked', page)
    begun = browser.post(at("joint-start", "restaurant"), {"name": str(qinghe.uid), "member": FIRE})
    joint = JointCase.objects.get()
    assert begun["Location"] == at("joint-draft", joint.uid)
    assert set(joint.codes) == {FOOD, FIRE, LAND}
    page = html(browser, at("joint-draft", joint.uid))
    assert page.count("经营场所") == 1

    section = at("joint-section", joint.uid, "place")
    assert 'name="place-area"' in html(browser, section)
    wrong = browser.post(section, {"place-name": "青禾小厨", "place-area": "1", "go": "1"})
    assert wrong.status_code == 200
    right = browser.post(section, {"place-name": "青禾小厨", "place-area": "320", "go": "1"})
    assert right["Location"] == at("joint-section", joint.uid, "fire")
    browser.post(at("joint-section", joint.uid, "fire"), {"fire-exits": "2", "go": "1"})

    page = html(browser, at("joint-materials", joint.uid))
    assert "3 个事项共用" in page
    for one in papers.papers(JointCase.objects.get()):
        upload = {"file": SimpleUploadedFile("a.pdf", files.pdf(one.row.name))}
        assert browser.post(at("joint-upload", joint.uid, one.key), upload).status_code == 302

    page = html(browser, at("joint-check", joint.uid))
    checked = re.search(r'name="checked" value="(\w+)"', page)
    assert checked is not None
    done = browser.post(at("joint-check", joint.uid), {"checked": checked[1], "declared": "on"})
    assert done["Location"] == at("joint-submitted", joint.uid)
    joint.refresh_from_db()
    page = html(browser, at("joint-submitted", joint.uid))
    assert joint.query_code in page
    for one in joint.children.all():
        assert at("case", one.uid) in page
    assert browser.get(at("joint-draft", joint.uid))["Location"] == at("joint-case", joint.uid)


def test_what_becomes_of_a_file_is_said_to_people_and_to_scripts(
    joint_draft: JointCase, browser: Client, zhao_min: User
) -> None:
    one = papers.papers(joint_draft)[0]
    address, json = at("joint-upload", joint_draft.uid, one.key), {"headers": {"Accept": "application/json"}}
    page = browser.post(address, {})
    assert page.status_code == 422
    assert "还没有选择文件" in page.content.decode()
    assert browser.post(address, {}, **json).json()["code"] == "no_file"
    taken = browser.post(address, {"file": files.upload()}, **json)
    assert taken.status_code == 201
    row = one.files()[0]
    back = at("joint-file-delete", joint_draft.uid, one.key, row.sha256)
    assert row.file_name in taken.json()["html"]
    assert browser.post(back, **json).status_code == 200
    unknown = at("joint-upload", joint_draft.uid, "YC-FOOD-0001.unknown")
    assert browser.post(unknown, {"file": files.upload()}, **json).status_code == 409
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(zhao_min)
    assert strict.post(address, {"file": files.upload()}).status_code == 403
    assert one.files() == []


def test_begun_twice_is_one_draft(on_outer: str, joint_draft: JointCase, browser: Client) -> None:
    form = {"name": str(joint_draft.enterprise.uid)}  # type: ignore[union-attr]
    page = browser.post(at("joint-start", "restaurant"), form)
    assert "您有一份没有提交的草稿" in page.content.decode()
    assert JointCase.objects.count() == 1


def test_members_can_be_changed_and_a_draft_thrown_away(joint_draft: JointCase, browser: Client) -> None:
    assert "去掉的事项" in html(browser, at("joint-members", joint_draft.uid))
    browser.post(at("joint-members", joint_draft.uid), {})
    assert set(JointCase.objects.get().codes) == {FOOD, LAND}
    assert "不能恢复" in html(browser, at("joint-delete", joint_draft.uid))
    browser.post(at("joint-delete", joint_draft.uid))
    assert not JointCase.objects.exists()


def test_nobody_else_sees_it(joint_draft: JointCase, other: Client) -> None:
    for name in ("joint-draft", "joint-materials", "joint-check", "joint-case", "joint-submitted", "joint-withdraw"):
        html(other, at(name, joint_draft.uid), 404)
    html(other, at("joint-section", joint_draft.uid, "place"), 404)


def test_a_members_draft_is_reached_through_the_joint_draft_only(joint_draft: JointCase, browser: Client) -> None:
    html(browser, at("task-list", child(joint_draft, FOOD).uid), 404)


def test_what_was_changed_after_the_check_is_not_sent(ready: JointCase, browser: Client) -> None:
    answer = browser.post(at("joint-check", ready.uid), {"checked": "old", "declared": "on"})
    assert "内容在您核对之后有变化" in answer.content.decode()
    assert JointCase.objects.get().is_draft


def test_the_one_page_of_results(filed: JointCase, browser: Client) -> None:
    page = html(browser, at("joint-case", filed.uid))
    for one in filed.children.select_related("department"):
        assert at("case", one.uid) in page
        assert one.department.name in page
    assert "待受理" in page
    assert "3 个事项共用" not in page
    assert page.count("经营场所平面图.pdf") == 1
    assert "开办餐饮店一件事" in html(browser, at("case", child(filed, FOOD).uid))


def test_all_are_withdrawn_with_one_act(filed: JointCase, browser: Client) -> None:
    assert "确认全部撤回" in html(browser, at("joint-withdraw", filed.uid))
    browser.post(at("joint-withdraw", filed.uid), {"reason": "不开了"})
    assert list(Request.objects.values_list("action", "reason")) == [("withdraw", "不开了")] * 3
    again = browser.get(at("joint-withdraw", filed.uid))
    assert again["Location"] == at("joint-case", filed.uid)


def test_a_file_of_the_package_is_shown_to_its_owner_only(filed: JointCase, browser: Client, other: Client) -> None:
    file = child(filed, FOOD).materials.get()
    url = at("joint-file", filed.uid, file.pk)
    assert browser.get(url).status_code == 200
    assert other.get(url).status_code == 404


def act_for(client: Client, joint: JointCase) -> None:
    """Work in the name of the enterprise."""
    assert joint.enterprise is not None
    client.post(reverse("identity:act-as"), {"enterprise": str(joint.enterprise.uid), "next": "/my/"})


def test_my_cases_list_the_package_once(joint_draft: JointCase, browser: Client) -> None:
    act_for(browser, joint_draft)
    page = html(browser, at("mine"))
    assert at("joint-draft", joint_draft.uid) in page
    assert "联合申请" in page


def test_my_cases_name_the_package_of_each_member(filed: JointCase, browser: Client) -> None:
    act_for(browser, filed)
    page = html(browser, at("mine"))
    assert page.count(at("joint-case", filed.uid)) == 4


def test_one_member_is_corrected_from_the_page(
    filed: JointCase, browser: Client, housing_clerk: User, clerk: User
) -> None:
    case = child(filed, FIRE)
    move(case, "receive", by=None, at="2026-03-02 10:05")
    move(case, "ask_correction", by=housing_clerk)
    page = html(browser, at("joint-case", filed.uid))
    assert "消防安全检查：请补正 1 处内容" in page
    assert "缺少比例尺" in page
    assert at("correction", case.uid) in page
    assert at("correction", child(filed, FOOD).uid) not in page
    assert "待补正" in page


def test_a_waiting_member_says_what_it_waits_for(filed: JointCase, browser: Client) -> None:
    filed.children.filter(matter__code=LAND).update(waits_its_turn=True, next_due=None)
    assert "前一步的事项办结后" in html(browser, at("joint-case", filed.uid))
