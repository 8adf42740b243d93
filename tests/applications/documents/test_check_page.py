"""Anybody with a paper in hand can ask whether it stands; nobody learns more than the paper says."""

import pytest
from django.test import Client

from applications.documents import checking, issue
from applications.models import Application, Document, Licence
from applications.models.licence import LicenceState
from tests.conftest import switch_side
from tests.helpers import move

pytestmark = pytest.mark.django_db


@pytest.fixture
def granted(awaiting_decision, approver, settings) -> Application:
    """A granted case whose papers are ready, as the public portal sees them."""
    case = move(awaiting_decision, "grant", by=approver, at="2026-03-06 10:00")
    for document in case.documents.filter(kind__in=("grant", "licence")):
        issue.mark_ready(document, b"%PDF-1.7 " + document.kind.encode())
    switch_side(settings, "outer")
    return case


def code_of(case: Application, kind: str) -> str:
    return case.documents.get(kind=kind).check_code


def page(code: str) -> tuple[int, str]:
    response = Client().get(f"/check/{code}/")
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("kind", ["licence", "grant"])
def test_a_valid_paper(granted, kind):
    status, text = page(code_of(granted, kind))
    assert status == 200
    assert "有效" in text
    assert granted.matter.name in text
    assert "云川市市场监督管理局" in text


def test_persons_are_masked(granted):
    text = page(code_of(granted, "licence"))[1]
    assert "王*" in text
    assert "王芳" not in text
    assert granted.applicant_id not in text
    assert "1390001" not in text


@pytest.mark.parametrize("kind", ["licence", "grant"])
def test_a_revoked_licence_takes_its_papers_with_it(granted, kind):
    Licence.objects.update(standing=LicenceState.REVOKED, reason="以欺骗手段取得。", changed_on="2026-05-06")
    status, text = page(code_of(granted, kind))
    assert status == 200
    assert "已撤销" in text
    assert "以欺骗手段取得" in text


def test_an_expired_licence_is_said_to_be(granted):
    Licence.objects.update(valid_to="2026-03-31")
    assert "已过有效期" in page(code_of(granted, "licence"))[1]


def test_unknown_and_unfinished_papers_answer_alike(granted):
    waiting = granted.documents.get(kind="acceptance").check_code
    answers = {page(code)[0] for code in ("ZZZZZZZZZZZZZZZZ", waiting)}
    assert answers == {404}
    assert "查无此证" in page(waiting)[1]


def test_typing_it_with_hyphens_and_small_letters_works(granted):
    code = code_of(granted, "licence")
    typed = "-".join(code[n : n + 4] for n in range(0, 16, 4)).lower()
    assert Client().get("/check/", {"code": typed}, follow=True).redirect_chain[0][0] == f"/check/{code}/"
    assert page(typed)[0] == 200


def test_the_box_asks_again_when_it_was_left_empty(on_outer):
    assert "请输入核验码" in Client().get("/check/?code=").content.decode()


def test_too_many_guesses_are_stopped(on_outer):
    client = Client()
    statuses = [client.get(f"/check/GUESS{n:04d}/").status_code for n in range(31)]
    assert statuses == [404] * 30 + [429]


def test_another_forwarding_header_does_not_start_the_count_anew(on_outer):
    client = Client()
    statuses = [
        client.get(f"/check/GUESS{n:04d}/", headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code for n in range(31)
    ]
    assert statuses[-1] == 429


def test_the_inner_side_has_no_public_check(on_inner):
    assert Client().get("/check/ABCD/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "code"), [(" 7qk4-m2xr ", "7QK4M2XR"), ("’;drop", "DROP"), ("一二", ""), ("A" * 99, "A" * 32)]
)
def test_codes_are_cleaned(typed, code):
    assert checking.clean_code(typed) == code


def test_the_page_asks_few_questions_of_the_database(granted, django_assert_max_num_queries):
    code = code_of(granted, "licence")
    with django_assert_max_num_queries(4):
        checking.verdict(code, Document.objects.get(check_code=code).created_at.date())
