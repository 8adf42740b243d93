"""The public status query: the same answer for every wrong guess, nothing personal, not too often."""

import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from applications import machine, public_status, public_words
from applications.models import Application
from applications.models.progress import ClockKind
from applications.states import SpecialProcedure, State
from identity.models import Department, User
from tests import factories
from tests.helpers import move

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_outer")]
NOT_FOUND = "没有查到。编号或查询码不对"


@pytest.fixture
def case(on_outer: str, market_bureau: Department, wang_fang: User) -> Application:
    draft = factories.draft(wang_fang, factories.matter(market_bureau))
    return move(factories.file_draft(draft, wang_fang), "receive", by=None, at="2026-03-02 10:01")


def ask(number: str, code: str, client: Client | None = None):
    return (client or Client()).post("/status/", {"number": number, "code": code})


def test_number_and_code_tell_where_it_stands(case: Application) -> None:
    page = ask(case.number or "", case.query_code).content.decode()
    for words in ("小餐饮经营许可", "已收件", "提交申请", "云川市市场监督管理局", "王*", "2026年3月9日"):
        assert words in page


@pytest.mark.parametrize(
    "spell",
    [
        lambda number, code: (f" {number[:6]} {number[6:14]}-{number[14:]} ", code.lower()),
        lambda number, code: ("".join(chr(ord(char) + 0xFEE0) for char in number), f" {code[:3]} {code[3:]}"),
    ],
)
def test_spelling_is_forgiven(case: Application, spell) -> None:
    assert "已收件" in ask(*spell(case.number, case.query_code)).content.decode()


def test_wrong_code_and_wrong_number_answer_alike(case: Application) -> None:
    def answer(number: str, code: str) -> tuple[int, bool]:
        got = ask(number, code)
        return got.status_code, NOT_FOUND in got.content.decode()

    assert answer(case.number or "", "AAAAAA") == answer("519901202603020000991", case.query_code) == (200, True)


def test_what_was_typed_is_kept(case: Application) -> None:
    page = ask("12345", "abc").content.decode()
    assert 'value="12345"' in page
    assert 'value="abc"' in page


def test_empty_fields_are_asked_for() -> None:
    page = ask("", "").content.decode()
    assert "请填写办件编号" in page
    assert "请填写查询码" in page


def test_nothing_personal_and_no_texts_of_the_office(case: Application, clerk: User) -> None:
    move(case, "ask_correction", by=clerk)
    page = ask(case.number or "", case.query_code).content.decode()
    for secret in ("王芳", case.applicant_id, case.contact_phone, "陈静", "缺少比例尺"):
        assert secret not in page
    assert "一次性告知补正" in page


def test_the_number_stays_out_of_the_address(case: Application) -> None:
    answer = ask(case.number or "", case.query_code)
    assert answer.status_code == 200  # no redirect that would carry it
    assert "no-store" in answer["Cache-Control"]
    assert "已收件" not in Client().get(f"/status/?number={case.number}&code={case.query_code}").content.decode()


def test_ten_tries_for_one_address(case: Application) -> None:
    for guess in range(10):
        assert ask(f"{guess}", "AAAAAA").status_code == 200
    answer = ask(case.number or "", case.query_code)
    assert answer.status_code == 429
    assert "10 分钟内最多查 10 次" in answer.content.decode()
    assert 0 < int(answer["Retry-After"]) <= 600


def test_ten_tries_for_one_number_from_anywhere(case: Application) -> None:
    for guess in range(10):
        Client(REMOTE_ADDR=f"10.0.0.{guess}").post("/status/", {"number": case.number, "code": "AAAAAA"})
    elsewhere = Client(REMOTE_ADDR="10.0.1.1")
    assert ask(case.number or "", case.query_code, elsewhere).status_code == 429
    assert ask("519901202603020000991", "AAAAAA", elsewhere).status_code == 200


@given(st.text(max_size=300), st.text(max_size=300))
def test_nothing_that_is_typed_breaks_it(number: str, code: str) -> None:
    plain = public_status.understood(number, code)
    assert public_status.understood(*plain)[0].isalnum() or plain[0] == ""


def test_every_word_of_the_law_has_its_english() -> None:
    moves = {str(one.custom["label"]) for transitions in machine.moves().values() for one in transitions}
    assert set(public_words.STATES) == set(State.labels)
    assert set(public_words.MOVES) == moves
    assert set(public_words.LIMITS) == set(ClockKind.labels)
    assert set(public_words.PROCEDURES) == set(SpecialProcedure.labels)


def test_the_answer_in_english(case: Application) -> None:
    with translation.override("en"):
        told = public_status.tell(case)
    assert (told.state_label, told.timeline[-1].title) == ("Received", "Application submitted")
