"""What was searched for and not found, and what was read: counted outside without personal data, told inside once a day."""

import json
from collections import Counter
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from applications import tick
from identity.models import User
from matters import dailies, queries, searches
from matters.models import Matter, SearchedWord
from matters.searches import SearchCounter
from matters.word_handlers import searches_counted, visits_counted
from sync.models import Outbox
from sync.registry import Reject
from tests.matters.conftest import fact
from tests.people import login

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)
YESTERDAY = TODAY - timedelta(days=1)


def counted() -> list[tuple[str, int, int]]:
    searches.counter.write()
    return sorted(SearchedWord.objects.values_list("text", "searches", "missed"))


def test_searches_are_counted_by_day_and_text(food: Matter, client: Client, on_outer: str) -> None:
    for text in ("飞机票", " 飞机票 ", "食品", "营业执罩", "食品&department=YC-SCJG", "食品&page=2"):
        client.get(f"/search/?q={text}")
    assert counted() == [("营业执罩", 1, 1), ("飞机票", 2, 2), ("食品", 2, 0)]


def test_the_office_counts_nothing(food: Matter, client: Client, on_inner: str) -> None:
    client.get("/search/?q=飞机票")
    assert counted() == []


@pytest.mark.parametrize(
    "text",
    [
        "110101199003078888",
        "身份证11010119900307888X",
        "138 0013 8000",
        "1 3 8 0 0 1",
        "0839-5550101",
        "YC20260310000012",
        "fang@example.cn",
        "王芳 13800138000",
        "字" * 41,
        "，。！",
        "",
    ],
)
def test_what_may_be_somebodys_number_is_dropped(text: str) -> None:
    assert searches.kept(text) == ""


@pytest.mark.parametrize(
    ("text", "plain"), [("  开 饭店 ", "开 饭店"), ("ＹＹＺＺ", "yyzz"), ("2026年补贴", "2026年补贴")]
)
def test_other_texts_are_evened(text: str, plain: str) -> None:
    assert searches.kept(text) == plain


def test_many_are_written_at_once(django_assert_max_num_queries) -> None:
    fresh = SearchCounter()
    with django_assert_max_num_queries(0):
        for _ in range(19):
            fresh.count("飞机票", found=False)
    fresh.count("飞机票", found=True)
    assert counted() == [("飞机票", 20, 19)]


def test_a_flood_of_texts_is_bounded(monkeypatch) -> None:
    monkeypatch.setattr(searches, "MOST_A_DAY", 3)
    searches.add(TODAY, Counter({(f"词{number}", False): 1 for number in range(9)}))
    searches.add(TODAY, Counter({("词0", False): 5}))
    assert SearchedWord.objects.count() == 3
    assert SearchedWord.objects.get(text="词0").missed == 6


def test_a_day_that_has_ended_is_told_once() -> None:
    searches.add(YESTERDAY, Counter({("飞机票", False): 3, ("食品", True): 2}))
    searches.add(TODAY, Counter({("今天的", False): 1}))
    assert dailies.send(TODAY) == 1
    assert dailies.send(TODAY) == 0
    row = Outbox.objects.get(topic="searches.counted")
    assert json.loads(row.payload) == {
        "day": "2026-03-09",
        "rows": [
            {"text": "飞机票", "searches": 3, "missed": 3},
            {"text": "食品", "searches": 2, "missed": 0},
        ],
    }


def test_five_silent_days_are_told_of_one_by_one() -> None:
    for days in range(1, 6):
        searches.add(TODAY - timedelta(days=days), Counter({("飞机票", False): days}))
    assert dailies.send(TODAY) == 5


def test_old_counts_are_deleted() -> None:
    searches.add(TODAY - timedelta(days=91), Counter({("飞机票", False): 1}))
    dailies.send(TODAY)
    assert not SearchedWord.objects.exists()


def test_visits_are_told_when_they_changed(food: Matter) -> None:
    Matter.objects.update(visits=7)
    assert dailies.send(TODAY) == 1
    assert dailies.send(TODAY) == 0
    assert dailies.send(TODAY + timedelta(days=1)) == 0
    Matter.objects.update(visits=9)
    assert dailies.send(TODAY + timedelta(days=2)) == 1
    last = Outbox.objects.filter(topic="visits.counted").order_by("-pk")[0]
    assert json.loads(last.payload)["rows"] == [{"matter": str(food.uid), "total": 9}]


def test_the_clock_of_the_outer_side_tells(food: Matter, on_outer: str) -> None:
    searches.add(timezone.localdate() - timedelta(days=1), Counter({("飞机票", False): 1}))
    tick.run()
    assert Outbox.objects.filter(topic="searches.counted").count() == 1


def test_the_clock_of_the_office_does_not(food: Matter, on_inner: str) -> None:
    searches.add(timezone.localdate() - timedelta(days=1), Counter({("飞机票", False): 1}))
    tick.run()
    assert not Outbox.objects.filter(topic="searches.counted").exists()


# --- arriving inside


def words(*rows: tuple[str, int, int], day: str = "2026-03-09") -> object:
    records = [{"text": text, "searches": times, "missed": missed} for text, times, missed in rows]
    return fact({"day": day, "rows": records}, "searches.counted")


def test_the_office_sees_what_was_missed(on_inner: str, editor: User) -> None:
    for _ in range(2):
        searches_counted(words(("飞机票", 3, 3), ("食品", 2, 0)))
    searches_counted(words(("飞机票", 1, 1), ("food", 5, 2), day="2026-03-08"))
    missed = [(row["text"], row["times"], str(row["last"])) for row in queries.missed_words()]
    assert missed == [("飞机票", 4, "2026-03-09"), ("food", 2, "2026-03-08")]
    assert [(row["text"], row["times"]) for row in queries.searched_words()] == [("food", 3), ("食品", 2)]
    assert "飞机票" in login(editor).get("/catalogue/words/").text


def test_the_office_sees_what_is_read(on_inner: str, food: Matter, editor: User) -> None:
    gone = "00000000-0000-0000-0000-000000000000"
    payload = {"day": "2026-03-09", "rows": [{"matter": str(food.uid), "total": 12}, {"matter": gone, "total": 1}]}
    visits_counted(fact(payload, "visits.counted"))
    payload["rows"][0]["total"] = 5  # type: ignore[index]
    visits_counted(fact(payload, "visits.counted"))
    food.refresh_from_db()
    assert food.visits == 12
    assert "最常看的指南" in login(editor).get("/catalogue/words/").text


def test_the_public_side_takes_no_counts(on_outer: str) -> None:
    with pytest.raises(Reject):
        searches_counted(words())
    with pytest.raises(Reject):
        visits_counted(fact({"day": "2026-03-09", "rows": []}, "visits.counted"))


@pytest.mark.parametrize(
    "rows", ["x", [{"text": "", "searches": 1, "missed": 1}], [{"text": "好", "searches": -1, "missed": 0}]]
)
def test_bad_counts_are_rejected(on_inner: str, rows: object) -> None:
    with pytest.raises(Reject):
        searches_counted(fact({"day": "2026-03-09", "rows": rows}, "searches.counted"))
