"""Beginning: in whose name, only where it may be, never a second draft by accident."""

import pytest
from django.test import Client

from applications import drafts
from applications.models import Application
from identity.models import Department, Enterprise, User
from matters.models import Matter
from tests import factories, people
from tests.applications.applicant.conftest import FORM

pytestmark = pytest.mark.django_db


def begin(client: Client, matter: Matter, name: str = "person", **more: str):
    return client.post(f"/apply/{matter.code}/", {"name": name, **more})


def test_a_person_begins_in_their_own_name(matter: Matter, wang_fang: User, browser: Client) -> None:
    answer = begin(browser, matter)
    case = Application.objects.get()
    assert answer.headers["Location"] == f"/drafts/{case.uid}/"
    assert (case.owner, case.enterprise, case.applicant_name) == (wang_fang, None, "王芳")


def test_an_agent_begins_for_the_enterprise(matter: Matter, zhao_min: User, qinghe: Enterprise) -> None:
    browser = people.login(zhao_min)
    begin(browser, matter, str(qinghe.uid))
    case = Application.objects.get()
    assert (case.enterprise, case.applicant_name, case.contact_name) == (qinghe, qinghe.name, "赵敏")
    assert browser.session["acting_enterprise"] == str(qinghe.uid)


def test_a_foreign_enterprise_is_no_choice(matter: Matter, qinghe: Enterprise, other: Client) -> None:
    answer = begin(other, matter, str(qinghe.uid))
    assert "请选择以谁的名义申请" in answer.content.decode()
    assert not Application.objects.exists()


def test_the_existing_draft_is_offered(draft: Application, matter: Matter, browser: Client) -> None:
    answer = begin(browser, matter)
    assert f"/drafts/{draft.uid}/" in answer.content.decode()
    assert Application.objects.count() == 1


def test_another_one_only_after_saying_so(draft: Application, matter: Matter, browser: Client) -> None:
    begin(browser, matter, again="1")
    assert Application.objects.count() == 2


def test_colleagues_share_the_draft_of_their_enterprise(
    matter: Matter, li_ming: User, zhao_min: User, qinghe: Enterprise
) -> None:
    begun = drafts.begin(factories.applicant(li_ming, qinghe), matter)
    answer = begin(people.login(zhao_min), matter, str(qinghe.uid))
    assert f"/drafts/{begun.uid}/" in answer.content.decode()


def test_a_double_click_makes_one_draft(matter: Matter, wang_fang: User) -> None:
    who = factories.applicant(wang_fang)
    first, second = drafts.begin_once(who, matter), drafts.begin_once(who, matter)
    assert (first[0], first[1], second[1]) == (second[0], True, False)


def test_a_withdrawn_matter_is_explained(matter: Matter, browser: Client) -> None:
    Matter.objects.update(active=False)
    assert "停办或正在修订" in browser.get(f"/apply/{matter.code}/").content.decode()
    begin(browser, matter)
    assert not Application.objects.exists()


def test_a_matter_for_enterprises_is_not_for_persons(on_outer: str, market_bureau: Department, browser: Client) -> None:
    matter = factories.matter(market_bureau, form=FORM, header={"service_objects": ["2"]})
    answer = begin(browser, matter)
    assert "不能以个人名义办理" in answer.content.decode()
    assert not Application.objects.exists()


def test_a_running_one_is_pointed_out(filed: Application, matter: Matter, browser: Client) -> None:
    assert "您有一件同样的申请正在办理" in browser.get(f"/apply/{matter.code}/").content.decode()


def test_an_unknown_matter_is_not_found(on_outer: str, browser: Client) -> None:
    assert browser.get("/apply/NO-SUCH/").status_code == 404


def test_login_comes_first_and_leads_back(matter: Matter) -> None:
    answer = Client().get(f"/apply/{matter.code}/")
    assert answer.headers["Location"] == f"/accounts/login/?next=%2Fapply%2F{matter.code}%2F"


def test_the_office_has_no_such_page(on_inner: str, clerk: User, market_bureau: object) -> None:
    assert people.login(clerk).get("/apply/X/").status_code in (403, 404)
