"""Whatever goes wrong, the page says what happened and what to do; programs get a code."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import get_template
from django.test import Client, RequestFactory
from rest_framework import exceptions

from applications.api.refusals import as_api_error
from applications.errors import DataMissing, NotPossible
from hall import api

pytestmark = pytest.mark.django_db


def test_an_unknown_page_helps_on(on_outer, client):
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.text
    assert 'href="/sitemap/"' in answer.text


def test_an_unknown_interface_answers_a_program(on_outer, client):
    answer = client.get("/api/v1/public/nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_an_expired_form_says_that_nothing_is_lost(on_outer, wang_fang):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(wang_fang)
    answer = strict.post("/accounts/logout/")
    assert answer.status_code == 403
    assert "您填写的内容还在" in answer.text


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "429"])
def test_every_error_page_says_what_to_do(on_outer, name, rf: RequestFactory, wang_fang):
    request = rf.get("/somewhere/")
    request.user, request.resolver_match = wang_fang, None
    page = get_template(f"{name}.html").render({"detail": ""}, request)
    assert "您可以这样做" in page
    assert "操作失败" not in page


def test_the_last_resort_needs_nothing():
    source = Path(get_template("500.html").origin.name).read_text()
    assert "{%" not in source
    assert "{{" not in source
    assert "已经提交的办件不受影响" in source


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (PermissionDenied("您的岗位不能受理。"), 403, "permission_denied"),
        (as_api_error(NotPossible("现在不能受理。")), 409, "not_possible"),
        (as_api_error(DataMissing({"opinion": "请写明理由。"})), 422, "data_missing"),
        (exceptions.ValidationError(["日期不对。"]), 400, "invalid"),
        (exceptions.Throttled(), 429, "throttled"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
    ],
)
def test_refusals_of_the_interface_have_one_shape(error, status, code):
    answer = api.problem_response(error, {})
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert answer.data["title"]
    assert answer.data["detail"]


def test_the_fields_at_fault_are_named():
    answer = api.problem_response(as_api_error(DataMissing({"opinion": "请写明理由。"})), {})
    assert answer.data["fields"] == {"opinion": ["请写明理由。"]}


def test_what_nobody_foresaw_stays_an_error():
    assert api.problem_response(ZeroDivisionError(), {}) is None


@pytest.mark.parametrize(("address", "host"), [("/", "elsewhere.example"), ("/search/?q=%00", "127.0.0.1")])
def test_what_is_refused_before_anybody_looked_who_asks_is_a_400(address: str, host: str, on_outer: str) -> None:
    response = Client(raise_request_exception=False).get(address, headers={"host": host})
    assert response.status_code == 400
    assert "请求" in response.text
