"""Enterprises: registered by their manager, who appoints and removes agents; nobody else sees or changes them."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from identity import services
from identity.acting import agencies_of
from identity.models import Agency, AgencyRole, Enterprise, User
from tests.people import OTHER_USCC, QINGHE_USCC, login

FORM = {
    "name": "云川市白石建材有限公司",
    "uscc": OTHER_USCC.lower(),
    "legal_representative": "王芳",
    "address": "云川市白石镇工业路 6 号",
}


def test_registering_makes_a_manager_who_acts_at_once(on_outer, wang_fang: User) -> None:
    client = login(wang_fang)
    page = client.post(reverse("identity:enterprise-register"), FORM, follow=True).content.decode()
    enterprise = Enterprise.objects.get()
    assert enterprise.uscc == OTHER_USCC
    assert Agency.objects.get().role == AgencyRole.MANAGER
    assert client.session["acting_enterprise"] == str(enterprise.uid)
    assert "您是它的管理员" in page


def test_known_code_is_refused_and_typing_is_kept(on_outer, qinghe: Enterprise, wang_fang: User) -> None:
    answer = login(wang_fang).post(reverse("identity:enterprise-register"), FORM | {"uscc": QINGHE_USCC})
    page = answer.content.decode()
    assert "让企业的管理员把您添加为经办人" in page
    assert "云川市白石建材有限公司" in page
    assert qinghe.name not in page
    assert Enterprise.objects.count() == 1


def test_wrong_code_is_explained_at_the_field(on_outer, wang_fang: User) -> None:
    answer = login(wang_fang).post(reverse("identity:enterprise-register"), FORM | {"uscc": OTHER_USCC[:-1]})
    assert "18 位" in answer.content.decode()
    assert not Enterprise.objects.exists()


def add(client, enterprise: Enterprise, username: str, name: str) -> str:
    url = reverse("identity:enterprise", args=[enterprise.uid])
    return client.post(url, {"username": username, "name": name}, follow=True).content.decode()


def test_manager_adds_an_agent(on_outer, qinghe: Enterprise, li_ming: User, wang_fang: User) -> None:
    assert "王芳现在可以代表企业办事" in add(login(li_ming), qinghe, "wangfang", "王芳")
    assert agencies_of(wang_fang).get().role == AgencyRole.AGENT


@pytest.mark.parametrize(("username", "name"), [("wangfang", "王方"), ("wangfan", "王芳"), ("chenjing", "陈静")])
def test_name_and_user_name_must_both_fit(
    on_outer, qinghe: Enterprise, li_ming: User, wang_fang: User, clerk: User, username: str, name: str
) -> None:
    page = add(login(li_ming), qinghe, username, name)
    assert "没有找到用户名和姓名都相符" in page
    assert f'value="{username}"' in page
    assert qinghe.agencies.count() == 2


def test_agent_twice_is_refused(on_outer, qinghe: Enterprise, li_ming: User) -> None:
    assert "不用重复添加" in add(login(li_ming), qinghe, "zhaomin", "赵敏")


def test_removed_agent_may_come_back(on_outer, qinghe: Enterprise, li_ming: User, zhao_min: User) -> None:
    agency = qinghe.agencies.get(user=zhao_min)
    client = login(li_ming)
    client.post(reverse("identity:agent-end", args=[qinghe.uid, agency.pk]))
    assert not agencies_of(zhao_min).exists()
    add(client, qinghe, "zhaomin", "赵敏")
    assert agencies_of(zhao_min).get() == agency


def test_last_manager_stays(on_outer, qinghe: Enterprise, li_ming: User) -> None:
    agency = qinghe.agencies.get(user=li_ming)
    page = login(li_ming).post(reverse("identity:agent-end", args=[qinghe.uid, agency.pk]), follow=True)
    assert "唯一的管理员" in page.content.decode()
    assert agencies_of(li_ming).exists()


def test_one_of_two_managers_may_leave(qinghe: Enterprise, li_ming: User, wang_fang: User) -> None:
    Agency.objects.create(enterprise=qinghe, user=wang_fang, role=AgencyRole.MANAGER)
    services.end_agency(qinghe.agencies.get(user=li_ming))
    with pytest.raises(ValidationError):
        services.end_agency(qinghe.agencies.get(user=wang_fang))


@pytest.mark.parametrize("who", ["zhao_min", "stranger"])
def test_others_do_not_see_or_change_it(on_outer, qinghe: Enterprise, who: str, request) -> None:
    client = login(request.getfixturevalue(who))
    pk = qinghe.agencies.get(user__username="zhaomin").pk
    page, end = reverse("identity:enterprise", args=[qinghe.uid]), reverse("identity:agent-end", args=[qinghe.uid, pk])
    assert client.get(page).status_code == 404
    assert client.post(page, {"username": "wairen", "name": "外人"}).status_code == 404
    assert client.post(end).status_code == 404
    assert qinghe.agencies.filter(active=True).count() == 2


def test_agency_of_another_enterprise_is_not_ended(on_outer, qinghe: Enterprise, li_ming: User, stranger: User) -> None:
    other = services.register_enterprise(stranger, name="别家", uscc=OTHER_USCC, legal_representative="外人")
    foreign = other.agencies.get()
    assert login(li_ming).post(reverse("identity:agent-end", args=[qinghe.uid, foreign.pk])).status_code == 404


def test_staff_have_no_enterprises(on_inner, clerk: User) -> None:
    assert login(clerk).get(reverse("identity:enterprise-register")).status_code == 403
