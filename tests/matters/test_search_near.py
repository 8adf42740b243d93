"""One wrong character: the quick ways against comparing with every stretch of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.models import Matter
from matters.search import near, suggestions
from matters.search.entry import ALIAS, Line
from matters.search.spelling import spell
from tests.matters.conftest import publish

letters = st.text("营业执照abc", max_size=12)


def distance(one: str, other: str) -> int:
    """Optimal string alignment by its definition."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            ways = [
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (one[i - 1] != other[j - 1]),
            ]
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                ways.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(ways)
    return table[len(one), len(other)]


def by_every_stretch(word: str, text: str) -> int:
    """The distance of the nearest stretch that is not empty."""
    size = len(text)
    return min((distance(word, text[i:j]) for i in range(size) for j in range(i + 1, size + 1)), default=99)


@pytest.mark.parametrize("limit", [1, 2])
@given(word=st.text("营业执照abc", min_size=3, max_size=8), text=letters)
def test_the_nearest_stretch_is_found(word: str, text: str, limit: int) -> None:
    truth = by_every_stretch(word, text)
    found = near.nearest(word, text, limit)
    assert (found is not None) == (truth <= limit)
    if found is not None:
        assert found.distance == truth
        assert distance(word, text[found.start : found.end]) == truth


places = st.integers(0, 11)


@given(
    word=st.text("营业执照abc", min_size=8, max_size=12),
    edits=st.lists(st.tuples(places, st.sampled_from(["put", "drop", "turn"])), min_size=1, max_size=2)
    | st.tuples(st.tuples(places, st.just("swap"))).map(list),
)
def test_what_is_near_keeps_pieces_of_the_word(word: str, edits: list[tuple[int, str]]) -> None:
    """Otherwise the index would not offer it for comparison. (Two pairs exchanged just at the seams may escape.)"""
    text, errors = word, len(edits)
    for at, edit in edits:
        rest = {
            "put": text[at:],
            "drop": text[at + 1 :],
            "turn": text[at + 1 :],
            "swap": text[at : at + 2][::-1] + text[at + 2 :],
        }
        text = text[:at] + ("x" if edit in ("put", "turn") else "") + rest[edit]
    assert any(all(piece in text for piece in pieces) for pieces in near.kept(word, errors))


@pytest.mark.parametrize(
    ("word", "latin", "errors"),
    [("医宝", False, 0), ("执照", False, 0), ("食平许可", False, 1), ("建筑工城施工许可", False, 2), ("yyzz", True, 0)],
)
def test_short_words_are_too_near_to_too_many(word: str, latin: bool, errors: int) -> None:
    assert near.most(word, latin=latin) == errors


@pytest.mark.parametrize(
    ("word", "text", "meant"),
    [
        ("营业执罩", "营业执照遗失补办", "营业执照"),
        ("营执照", "营业执照遗失补办", "营业执照"),
        ("营业业执照", "营业执照", "营业执照"),
        ("yinyezhizhao", "营业执照", "营业执照"),
        ("shipinjinyin", "食品经营许可", "食品经营"),
        ("yingyezhizoah", "食品经营", ""),
    ],
)
def test_what_is_meant(word: str, text: str, meant: str) -> None:
    assert suggestions.near_in(word, Line(ALIAS, spell(text)), 1) == meant


# --- against the catalogue


@pytest.fixture
def catalogue(food: Matter) -> None:
    publish(
        food.department,
        "YC-2",
        "个体工商户设立登记",
        header={"aliases": ["办营业执照"], "themes": ["设立变更"], "name_en": ""},
    )


def suggested(text: str) -> list[str]:
    from matters import search

    return search.answer(text).suggestions


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("营业执罩", "营业执照"),
        ("yinyezhizhao", "营业执照"),
        ("食品经赢许可", "食品经营许可"),
        ("个体工商互设立登纪", "个体工商户设立登记"),
        ("场所平面途", "场所平面图"),  # a material
        ("食品 营业执罩", "食品 营业执照"),
        ("我要办理营业执照", "营业执照"),
        ("个体工商户怎么办", "个体工商户"),
        ("food business license", "food business licence"),
    ],
)
def test_did_you_mean(typed: str, meant: str) -> None:
    assert suggested(typed)[0].lower() == meant


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_words_that_never_meet_are_offered_alone() -> None:
    assert "委托书" in suggested("委托书 工商户登记注册")


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("typed", ["医保", "飞机票", "营业执照", "没有这样的事", "x" * 100, "一" * 60])
def test_nothing_is_made_up(typed: str) -> None:
    assert suggested(typed) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("catalogue")
def test_the_finds_of_the_suggestion_are_listed(django_assert_max_num_queries) -> None:
    from matters import search

    search.answer("许可")
    with django_assert_max_num_queries(8):
        answer = search.answer("营业执罩")
        assert answer.found[:20][0].matter.name == "个体工商户设立登记"
    assert answer.corrected == "营业执照"
