"""What stops a scenario from being published, at its exact path."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matters.guide_checks import as_content, check_guide
from tests.matters.scenarios import narrowable, scenario


def found(content: dict[str, Any]) -> dict[str, str]:
    return {problem.path: problem.message for problem in check_guide(content)}


def question(index: int, **parts: Any) -> dict[str, Any]:
    content = narrowable()
    content["scenario"]["questions"][index] |= parts
    return content


def choice(question: int, index: int, **parts: Any) -> dict[str, Any]:
    content = narrowable()
    content["scenario"]["questions"][question]["choices"][index] |= parts
    return content


def row(field: str, index: int, **parts: Any) -> dict[str, Any]:
    content = narrowable()
    content["guide"][field][index] |= parts
    return content


def fill(**parts: str) -> dict[str, Any]:
    return choice(0, 1, fills=[{"section": "place", "field": "online", "value": "no"} | parts])


def test_a_whole_scenario_has_no_problems() -> None:
    assert found(narrowable()) == {}


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (question(0, key="Trade!"), "scenario.questions.0.key"),
        (question(0, key="c1"), "scenario.questions.0.key"),
        (question(0, key="format"), "scenario.questions.0.key"),
        (question(1, key="trade"), "scenario.questions.1.key"),
        (question(2, text=""), "scenario.questions.2.text"),
        (question(2, kind="several"), "scenario.questions.2.kind"),
        (question(2, choices=[{"value": "x", "label": "有"}]), "scenario.questions.2.choices"),
        (choice(2, 0, value=""), "scenario.questions.2.choices.0.value"),
        (choice(2, 0, value="a.b"), "scenario.questions.2.choices.0.value"),
        (choice(2, 0, value="none"), "scenario.questions.2.choices.0.value"),
        (choice(2, 0, label=""), "scenario.questions.2.choices.0.label"),
        (choice(2, 0, label="没有"), "scenario.questions.2.choices.0.label"),
        (choice(0, 2, stop="不行"), "scenario.questions.0.choices.2.stop"),
        (choice(0, 2, stop=""), "scenario.questions.0.choices.2.stop"),
        (choice(0, 2, stop="按规定办理，请到窗口咨询。"), "scenario.questions.0.choices.2.stop"),
        (question(1, only_when=["trade.flying"]), "scenario.questions.1.only_when"),
        (question(1, only_when=["extras.none"]), "scenario.questions.1.only_when"),
        (question(1, only_when=["raw.yes"]), "scenario.questions.1.only_when"),
        (question(2, only_when=["trade.packaged"]), "scenario.questions.2.only_when"),
        (fill(field="nothing"), "scenario.questions.0.choices.1.fills.0.field"),
        (fill(section="staff", field="name"), "scenario.questions.0.choices.1.fills.0.field"),
        (fill(value="perhaps"), "scenario.questions.0.choices.1.fills.0.value"),
        (row("materials", 3, only_when=["raw.maybe"]), "materials.3.only_when"),
        (row("materials", 3, only_when=["raw"]), "materials.3.only_when"),
        (row("materials", 3, only_when=["raw.yes", "trade.shop"]), "materials.3.only_when"),
        (row("conditions", 2, only_when=["extras.pool"]), "conditions.2.only_when"),
        (row("procedure", 3, only_when=["trade.packaged"]), "procedure.3.only_when"),
        (row("procedure", 4, only_when=["trade.meals"]), "procedure"),
        (row("procedure", 3, working_days=9), "procedure"),
    ],
)
def test_a_problem_is_found_at_its_path(content: dict[str, Any], path: str) -> None:
    assert path in found(content)


def test_a_charge_that_hangs_on_nothing() -> None:
    content = narrowable()
    content["guide"]["fee_standard"]["items"][0]["only_when"] = ["raw.sometimes"]
    assert "fee_standard.items.0.only_when" in found(content)


def test_a_broken_way_names_its_situation() -> None:
    assert found(row("procedure", 4, only_when=["trade.meals"]))["procedure"].startswith("情形“做什么生意？食品店；")


def test_two_ways_may_have_decisions_of_their_own() -> None:
    content = narrowable()
    steps = content["guide"]["procedure"]
    steps[4]["only_when"] = ["trade.meals"]
    steps.append(copy.deepcopy(steps[4]) | {"name": "窗口决定", "role": "clerk", "only_when": ["trade.shop"]})
    assert found(content) == {}


def test_every_way_must_not_be_a_stop() -> None:
    content = narrowable()
    for one in content["scenario"]["questions"][2]["choices"]:
        one["stop"] = "今年已经停止办理了。"
    assert "scenario.questions" in found(content)


def test_answers_that_fill_in_different_things() -> None:
    content = narrowable()
    for number, value in enumerate(("yes", "no")):
        content["scenario"]["questions"][2]["choices"][number]["fills"] = [
            {"section": "place", "field": "online", "value": value}
        ]
    assert "互相矛盾" in found(content)["scenario.questions"]


def test_more_situations_than_can_be_looked_at() -> None:
    content = narrowable()
    many = {"kind": "many", "choices": [{"value": f"v{n}", "label": f"选项{n}"} for n in range(12)]}
    content["scenario"]["questions"][2] |= many
    content["guide"]["conditions"][2]["only_when"] = ["extras.v1"]
    assert "2000" in found(content)["scenario.questions"]


def test_what_hangs_on_questions_that_are_gone() -> None:
    content = narrowable() | {"scenario": {}}
    assert {"materials.3.only_when", "conditions.2.only_when", "procedure.3.only_when"} <= set(found(content))


def test_a_flat_file_keeps_its_scenario() -> None:
    assert as_content({"matter_name": "某事", "scenario": scenario()})["scenario"] == scenario()


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=6) | st.sampled_from(["trade.meals", "yes", "many"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["questions", "key", "choices", "value", "only_when", "fills"]), inner)
        ),
        max_leaves=20,
    )
)
def test_never_fails_on_any_scenario(anything: Any) -> None:
    content = narrowable() | {"scenario": anything}
    assert isinstance(check_guide(content), list)
