"""Acting as oneself or as an enterprise: chosen in the session, checked on every request."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import reverse

from identity.acting import Acting, acting_for, choose
from identity.models import Enterprise, User
from tests.people import login


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user, request.session = user, SessionStore()
    return request


def test_everybody_begins_as_themselves(zhao_min: User, qinghe: Enterprise) -> None:
    assert acting_for(request_of(zhao_min)) == Acting(zhao_min, zhao_min.person, None)


def test_agent_acts_for_the_enterprise_and_back(zhao_min: User, qinghe: Enterprise) -> None:
    request = request_of(zhao_min)
    choose(request, qinghe)
    assert acting_for(request).enterprise == qinghe
    assert acting_for(request).name == qinghe.name
    choose(request, None)
    assert acting_for(request).enterprise is None


def test_stranger_cannot_choose_it(stranger: User, qinghe: Enterprise) -> None:
    with pytest.raises(PermissionDenied):
        choose(request_of(stranger), qinghe)


def test_ended_agency_counts_no_more(zhao_min: User, qinghe: Enterprise) -> None:
    request = request_of(zhao_min)
    choose(request, qinghe)
    zhao_min.agencies.update(active=False)
    assert acting_for(request).enterprise is None


def test_staff_cannot_act(clerk: User) -> None:
    with pytest.raises(PermissionDenied):
        acting_for(request_of(clerk))


def test_choice_by_page_goes_on_where_one_was(on_outer, zhao_min: User, qinghe: Enterprise) -> None:
    client = login(zhao_min)
    answer = client.post(reverse("identity:act-as"), {"enterprise": qinghe.uid, "next": "/search/"})
    assert answer.url == "/search/"
    assert f"<strong>{qinghe.name}</strong>" in client.get(reverse("identity:account")).content.decode()


@pytest.mark.parametrize("uid", ["6f4e1e5a-0000-4000-8000-000000000000", "nonsense"])
def test_foreign_or_broken_choice_changes_nothing(on_outer, zhao_min: User, qinghe: Enterprise, uid: str) -> None:
    client = login(zhao_min)
    client.post(reverse("identity:act-as"), {"enterprise": qinghe.uid})
    page = client.post(reverse("identity:act-as"), {"enterprise": uid}, follow=True).content.decode()
    assert "办事身份没有改变" in page
    assert client.session["acting_enterprise"] == str(qinghe.uid)


def test_next_never_leaves_the_site(on_outer, zhao_min: User) -> None:
    answer = login(zhao_min).post(reverse("identity:act-as"), {"next": "https://evil.example/"})
    assert answer.url == reverse("identity:account")
