"""Situations and what they leave of a guide: pure logic."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters import filling, situations
from matters.guide import GuideContent
from matters.narrowing import known_total, narrow
from matters.notice import notice
from matters.scenario import Question, Scenario, applies
from tests.matters.scenarios import narrowable, parsed

CONTENT = parsed()
SCENARIO = CONTENT.scenario
MEALS = {"trade": ["meals"], "raw": ["yes"], "extras": ["garden"]}
SHOP = {"trade": ["shop"], "extras": ["none"]}


def names(content: GuideContent, situation: dict[str, list[str]]) -> dict[str, list[str]]:
    guide = narrow(content, situation).guide
    return {
        "materials": [one.key for one in guide.materials],
        "steps": [one.name for one in guide.procedure],
        "fees": [one.name for one in guide.fee_standard.items],
    }


def test_questions_are_asked_in_order_and_only_when_they_matter() -> None:
    assert situations.next_question(SCENARIO, {}).key == "trade"
    assert situations.next_question(SCENARIO, {"trade": ["meals"]}).key == "raw"
    assert situations.next_question(SCENARIO, {"trade": ["shop"]}).key == "extras"
    assert situations.next_question(SCENARIO, SHOP) is None
    assert situations.is_complete(SCENARIO, SHOP)


def test_a_stop_ends_the_way() -> None:
    stopped = situations.clean(SCENARIO, {"trade": "packaged", "extras": "none"})
    assert stopped == {"trade": ["packaged"]}
    assert situations.stop_of(SCENARIO, stopped).choice.stop_matter == "BA-1"
    assert situations.next_question(SCENARIO, stopped) is None
    assert not situations.is_complete(SCENARIO, stopped)


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ({"trade": ["shop", "meals"], "raw": ["yes"], "x": ["1"]}, {"trade": ["meals"], "raw": ["yes"]}),
        ({"trade": ["nonsense"], "extras": ["none"]}, {"extras": ["none"]}),
        ({"raw": ["yes"]}, {}),
        ({"trade": "shop", "extras": ["none", "garden", "none"]}, {"trade": ["shop"], "extras": ["garden", "none"]}),
        ({"trade": {"a": 1}, "extras": 7}, {}),
    ],
)
def test_what_does_not_answer_is_dropped(typed: dict[str, Any], clean: dict[str, list[str]]) -> None:
    assert situations.clean(SCENARIO, typed) == clean


def test_only_what_applies_is_left() -> None:
    assert names(CONTENT, MEALS) == {
        "materials": ["form", "plan", "licence", "room"],
        "steps": ["申请", "受理", "审查", "现场核查", "决定", "送达"],
        "fees": ["检测费"],
    }
    assert names(CONTENT, SHOP) == {
        "materials": ["form", "plan", "licence"],
        "steps": ["申请", "受理", "审查", "决定", "送达"],
        "fees": [],
    }


def test_the_rest_of_the_guide_is_the_same_for_everybody() -> None:
    narrowed = narrow(CONTENT, SHOP)
    changed = {"conditions", "materials", "form_downloads", "fee_standard", "procedure"}
    assert narrowed.guide.model_dump(exclude=changed) == CONTENT.guide.model_dump(exclude=changed)
    assert narrowed.form == CONTENT.form


def test_forms_to_download_follow_the_materials() -> None:
    content = narrowable()
    content["guide"]["materials"][0]["only_when"] = ["trade.meals"]
    typed = GuideContent.model_validate(content)
    assert len(narrow(typed, MEALS).guide.form_downloads) == 1
    assert narrow(typed, SHOP).guide.form_downloads == []


def test_without_answers_the_guide_is_whole() -> None:
    assert narrow(CONTENT, {}).guide.materials == CONTENT.guide.materials
    assert narrow(CONTENT, {}).guide.procedure == CONTENT.guide.procedure


def test_what_an_answer_excludes_goes_at_once_and_what_is_open_stays() -> None:
    assert "room" not in names(CONTENT, {"trade": ["shop"]})["materials"]
    assert "room" in names(CONTENT, {"trade": ["meals"]})["materials"]


def test_a_guide_without_questions_is_not_touched() -> None:
    plain = GuideContent.model_validate({"guide": CONTENT.guide.model_dump()})
    assert narrow(plain, {"trade": ["meals"]}) is plain


def test_what_it_costs() -> None:
    assert notice(CONTENT, MEALS).total == 8000
    assert notice(CONTENT, SHOP).total == 0
    assert notice(CONTENT, SHOP).guide.fee_standard.is_fee is False
    content = narrowable()
    content["guide"]["fee_standard"]["items"][0]["amount_cents"] = 0
    assert known_total(narrow(GuideContent.model_validate(content), MEALS).guide) is None


def test_every_situation_once() -> None:
    found, are_all = situations.reachable(SCENARIO, 100)
    assert are_all
    assert len(found) == 2 * 3 + 3 + 1  # meals (raw × extras), shop (extras), the stop
    assert len({str(one) for one in found}) == len(found)
    assert situations.reachable(SCENARIO, 4) == (found[:4], False)


def test_how_many_questions_can_still_come() -> None:
    assert situations.may_come(SCENARIO, {}) == {"trade", "raw", "extras"}
    assert situations.may_come(SCENARIO, {"trade": ["shop"]}) == {"extras"}
    assert situations.may_come(SCENARIO, SHOP) == set()


def test_the_situation_in_words_and_in_an_address() -> None:
    assert situations.words(SCENARIO, MEALS)[0] == ("做什么生意？", "餐馆")
    assert situations.words(SCENARIO, MEALS, english=True)[0] == ("What kind of business?", "Restaurant")
    both = {"trade": ["shop"], "extras": ["garden", "none"]}
    assert situations.in_one_line(SCENARIO, both) == "做什么生意？食品店；还有什么？露天座位、没有"
    assert situations.query(both) == "trade=shop&extras=garden&extras=none"


def test_when_something_applies_in_words() -> None:
    assert situations.when(SCENARIO, []) == ""
    assert situations.when(SCENARIO, ["trade.meals", "trade.shop", "extras.garden"]) == (
        "“做什么生意？”答“餐馆”或“食品店”，并且“还有什么？”答“露天座位”"
    )
    assert situations.when(SCENARIO, ["trade.meals"], english=True) == "“What kind of business?” “Restaurant”"


# --- filling in


def test_answers_are_filled_in_and_followed() -> None:
    assert filling.filled(CONTENT, SHOP) == {"place": {"online": "no"}}
    assert filling.filled(CONTENT, MEALS) == {}
    held = {"place": {"name": "店", "online": ""}}
    assert filling.refilled(CONTENT, {}, SHOP, held)["place"] == {"name": "店", "online": "no"}


def test_what_was_typed_over_stays_and_is_told() -> None:
    typed = {"place": {"name": "店", "online": "yes"}}
    assert filling.refilled(CONTENT, {}, SHOP, typed) == typed
    (one,) = filling.contradictions(CONTENT, SHOP, typed)
    assert (one.section, one.label, one.given, one.wanted) == ("place", "是否网上经营", "是", "否")
    assert filling.contradictions(CONTENT, SHOP, {"place": {"online": "no"}}) == []
    assert filling.contradictions(CONTENT, SHOP, {}) == []


def test_several_choices_may_hold_more_than_was_filled_in() -> None:
    assert filling._says(["a", "b"], ["a"])
    assert not filling._says(["b"], ["a"])
    assert filling._says("12.50", "12.5")


# --- properties

KEYS = ["a", "b", "c", "d"]
CHOICES = ["x", "y", "z"]


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any questions whose conditions point backwards."""
    questions: list[Question] = []
    for key in KEYS[: draw(st.integers(0, 4))]:
        earlier = [f"{one.key}.{choice}" for one in questions for choice in CHOICES]
        only_when = draw(st.lists(st.sampled_from(earlier), max_size=3)) if earlier else []
        choices = [
            {"value": value, "label": value, "stop": "不能在这里办" if draw(st.integers(0, 9)) == 0 else ""}
            for value in CHOICES[: draw(st.integers(2, 3))]
        ]
        kind = draw(st.sampled_from(["one", "many"]))
        questions.append(
            Question.model_validate({"key": key, "text": key, "kind": kind, "choices": choices, "only_when": only_when})
        )
    return Scenario(questions=questions)


typed = st.dictionaries(st.sampled_from([*KEYS, "q"]), st.lists(st.sampled_from([*CHOICES, "w"]), max_size=4))
conditions = st.lists(st.sampled_from([f"{key}.{choice}" for key in KEYS for choice in CHOICES]), max_size=4)


@given(scenarios(), typed)
def test_clean_is_clean(scenario: Scenario, answers: dict[str, list[str]]) -> None:
    once = situations.clean(scenario, answers)
    assert situations.clean(scenario, once) == once
    assert [one.key for one in scenario.questions if one.key in once] == list(once)
    for key in once:
        assert applies(scenario.question(key).only_when, once)


@given(scenarios())
def test_every_situation_is_clean_and_at_its_end(scenario: Scenario) -> None:
    found, _are_all = situations.reachable(scenario, 300)
    for situation in found:
        assert situations.clean(scenario, situation) == situation
        assert situations.next_question(scenario, situation) is None
        assert situations.may_come(scenario, situation) == set()


@given(scenarios(), st.data())
def test_answering_one_after_the_other_ends_in_a_known_situation(scenario: Scenario, data: st.DataObject) -> None:
    situation: dict[str, list[str]] = {}
    while question := situations.next_question(scenario, situation):
        before = situation
        value = data.draw(st.sampled_from([choice.value for choice in question.choices]))
        situation = situations.clean(scenario, {**situation, question.key: [value]})
        assert len(situation) == len(before) + 1
    assert situation in situations.reachable(scenario, 5000)[0]


@given(scenarios(), conditions, st.data())
def test_more_answers_never_bring_back_what_was_left_out(
    scenario: Scenario, only_when: list[str], data: st.DataObject
) -> None:
    """May apply → applies or not, never the other way: nobody is told a material is needed after all."""
    states: list[dict[str, list[str]]] = [{}]
    while question := situations.next_question(scenario, states[-1]):
        value = data.draw(st.sampled_from([choice.value for choice in question.choices]))
        states.append(situations.clean(scenario, {**states[-1], question.key: [value]}))
    shown = [situations.may_apply(only_when, one, situations.may_come(scenario, one)) for one in states]
    assert all(before or not after for before, after in pairwise(shown))
    assert shown[-1] == applies(only_when, states[-1])
