"""The access table is whole: every route has a row, every row a route, on the two sides together."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern, URLResolver

from hall import access, context, site_map
from identity import tokens
from identity.models import User
from tests.people import login


def routes(patterns: list, prefix: str = "") -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from routes(entry.url_patterns, space)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}"


def all_routes(side: str) -> set[str]:
    return set(routes(import_module(f"hall.urls_{side}").urlpatterns))


@pytest.mark.parametrize("side", ["outer", "inner"])
def test_every_route_has_a_row(side):
    assert all_routes(side) - set(access.ROUTES) == set()


def test_every_row_has_a_route():
    assert set(access.ROUTES) - all_routes("outer") - all_routes("inner") == set()


def test_menus_and_site_map_lead_to_routes_that_exist():
    offered = {route for route, _words in (*context.OUTER_NAV, *context.INNER_NAV)}
    offered |= {route for _title, rows in site_map.SECTIONS for route, _words in rows}
    assert offered - set(access.ROUTES) == set()


def test_every_audience_is_known():
    known = {
        access.PUBLIC,
        access.VISITOR,
        access.APPLICANT,
        access.STAFF,
        access.WINDOW,
        access.CATALOGUE,
        access.OPERATOR,
        access.MEMBER,
        access.MACHINE,
    }
    assert set(access.ROUTES.values()) <= known


def test_nobody_can_sign_up_inside():
    assert "account_signup" in all_routes("outer")
    assert "account_signup" not in all_routes("inner")


def test_a_stranger_is_sent_to_the_login_and_back(on_outer, client):
    answer = client.get("/after-login/?a=1")
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=%2Fafter-login%2F%3Fa%3D1"


def test_after_an_expired_session_a_post_returns_to_its_page(on_outer, client):
    answer = client.post("/account/phone/", {}, headers={"referer": "http://testserver/account/"})
    assert answer.url == "/accounts/login/?next=%2Faccount%2F"


def test_a_foreign_referrer_is_not_returned_to(on_outer, client):
    answer = client.post("/account/phone/", {}, headers={"referer": "http://evil.example/account/"})
    assert answer.url == "/accounts/login/?next=%2F"


@pytest.mark.parametrize(
    ("audience", "side", "kind", "held", "allowed"),
    [
        (access.PUBLIC, "inner", None, set(), True),
        (access.MACHINE, "inner", None, set(), True),
        (access.VISITOR, "outer", None, set(), True),
        (access.VISITOR, "inner", None, set(), False),
        (access.MEMBER, "outer", None, set(), False),
        (access.MEMBER, "outer", "applicant", set(), True),
        (access.APPLICANT, "outer", "applicant", set(), True),
        (access.APPLICANT, "inner", "applicant", set(), False),
        (access.APPLICANT, "outer", "staff", {"operator"}, False),
        (access.STAFF, "inner", "staff", {"clerk"}, True),
        (access.STAFF, "inner", "staff", set(), False),
        (access.STAFF, "outer", "staff", {"clerk"}, False),
        (access.WINDOW, "inner", "staff", {"clerk"}, True),
        (access.WINDOW, "inner", "staff", {"reviewer"}, False),
        (access.WINDOW, "outer", "staff", {"clerk"}, False),
        (access.CATALOGUE, "inner", "staff", {"publisher"}, True),
        (access.CATALOGUE, "inner", "staff", {"clerk"}, False),
        (access.CATALOGUE, "outer", "staff", {"editor"}, False),
        (access.OPERATOR, "outer", "staff", {"operator"}, True),
        (access.OPERATOR, "inner", "staff", {"clerk"}, False),
        ("a word nobody knows", "inner", "staff", {"operator"}, False),
    ],
)
def test_who_belongs_to_an_audience(settings, audience, side, kind, held, allowed):
    settings.IS_OUTER = side == "outer"
    user = User(kind=kind) if kind else AnonymousUser()
    assert access.may_open(user, held, audience) is allowed


def test_a_route_without_a_row_is_closed(on_inner, operator, monkeypatch):
    monkeypatch.delitem(access.ROUTES, "hall:help")
    assert login(operator).get("/help/").status_code == 403


def test_the_wrong_audience_is_told_why(on_outer, wang_fang, monkeypatch):
    monkeypatch.setitem(access.ROUTES, "hall:help", access.OPERATOR)
    answer = login(wang_fang).get("/help/")
    assert answer.status_code == 403
    assert "您的账号不能打开这个页面" in answer.text


def test_programs_get_a_problem_instead_of_a_page(on_outer, client, monkeypatch):
    monkeypatch.setitem(access.ROUTES, "api-docs", access.APPLICANT)
    answer = client.get("/api/docs/")
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_wrong_token_is_refused_even_on_a_public_route(on_outer, client):
    answer = client.get("/api/docs/", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401


def test_a_token_opens_what_its_owner_may_open(on_outer, client, wang_fang, monkeypatch):
    monkeypatch.setitem(access.ROUTES, "api-docs", access.APPLICANT)
    token = {"authorization": f"Bearer {tokens.issue(wang_fang)}"}
    assert client.get("/api/docs/", headers=token).status_code == 200
    monkeypatch.setitem(access.ROUTES, "api-docs", access.OPERATOR)
    assert client.get("/api/docs/", headers=token).status_code == 403


def test_signing_up_inside_is_not_found(on_inner, client):
    assert client.get("/accounts/signup/").status_code == 404
