"""``manage.py due``: what others call to know when a limit ends."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from matters import calendar
from matters.workdays import Calendar


@pytest.fixture(autouse=True)
def packaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar, "current_or_packaged", Calendar)


def due(*words: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("due", *words, stdout=out, **options)
    return out.getvalue()


def test_answers_with_the_date_first() -> None:
    assert due("2026-02-13", "5") == "2026-02-27\n"


def test_marks_provisional_dates() -> None:
    assert due("2026-12-28", "7") == "2027-01-07 暂定 provisional\n"


def test_days_of_a_pause_are_out_of_the_clock() -> None:
    assert due("2026-03-02", "5", "2026-03-04:2026-03-06", "2026-03-10:2026-03-10") == "2026-03-13\n"


def test_json() -> None:
    answer = json.loads(due("2026-12-28", "7", json=True))
    assert answer == {"start": "2026-12-28", "workdays": 7, "pauses": [], "due": "2027-01-07", "provisional": True}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "请写出起算日"),
        (("2026-02-13",), "请写出起算日"),
        (("2026-02-30", "5"), "没有“2026-02-30”这一天"),
        (("13/02/2026", "5"), "应写成"),
        (("1066-10-14", "5"), "1950"),
        (("2026-02-13", "five"), "工作日数"),
        (("2026-02-13", "999999"), "0 到 10000"),
        (("2026-02-13", "5", "2026-02-20"), "起始日:结束日"),
        (("2026-02-13", "5", "2026-02-20:2026-02-18"), "早于"),
    ],
)
def test_bad_questions_get_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        due(*words)


def test_reads_one_question_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\ufeff2026-02-13 5\r\n2026-07-18 5\n"))
    assert due("-") == "2026-02-27\n2026-07-24\n"


def test_a_bad_line_is_answered_and_fails_the_run_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("2026-02-13 5\nnonsense\n2026-07-18 5\n"))
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 行"):
        call_command("due", "-", stdout=out)
    lines = out.getvalue().splitlines()
    assert (lines[0], lines[2]) == ("2026-02-27", "2026-07-24")
    assert lines[1].startswith("错误：")
