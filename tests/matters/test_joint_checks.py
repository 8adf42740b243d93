"""What stops a package from being published."""

from typing import Any

import pytest

from matters.joint import rules
from matters.joint.checks import Known, check
from matters.joint.guide import JointContent, Rules
from matters.joint.materials import MemberGuide
from matters.joint.merging import merge_content
from tests.matters.joint_guides import ENTERPRISE, member, paper, question, section


def content(**changes: Any) -> JointContent:
    """A whole content of the members A and B."""
    whole: dict[str, Any] = {
        "name": "开店一件事",
        "lead": "D-A",
        "life_event": "license",
        "audiences": ["enterprise"],
        "description": "开店要办的两项一起办。",
        "members": [{"code": "A"}, {"code": "B"}],
        "place": {"hall_name": "政务大厅", "address": "滨河路 18 号"},
        "contact": {"phone": "0839-5550101"},
    }
    return JointContent.model_validate(whole | changes)


def two(**b: Any) -> list[MemberGuide]:
    return [member("A", sections=(ENTERPRISE,)), member("B", **b)]


def problems(said: JointContent, guides: list[MemberGuide] | None = None) -> list[tuple[str, str]]:
    guides = two(sections=(ENTERPRISE,)) if guides is None else guides
    known = Known(guides, {"D-A": "部门A", "D-B": "部门B", "D-X": "别的", "D-ZW": "政务局"}, frozenset({"D-ZW"}))
    return [(one.field, one.message) for one in check(said, merge_content(said, guides), known)]


def test_a_whole_package_has_none() -> None:
    assert problems(content()) == []


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": " "}, "name", "名称"),
        ({"life_event": ""}, "life_event", "阶段"),
        ({"description": "略"}, "description", "说明"),
        ({"audiences": []}, "audiences", "人群"),
        ({"lead": ""}, "lead", "牵头"),
        ({"lead": "D-X"}, "lead", "牵头部门应是"),
        ({"members": [{"code": "A"}]}, "members", "至少由两个"),
        ({"members": [{"code": "A"}, {"code": "A"}]}, "members", "只能加入一次"),
        ({"members": [{"code": "A"}, {"code": "B"}, {"code": "NONE"}]}, "members", "NONE"),
        ({"members": [{"code": "A", "when": "甲"}, {"code": "B", "when": "乙"}]}, "members", "所有情形"),
        ({"limit": 46}, "limit", "45"),
        ({"limit": 11}, "limit", "还长"),
        ({"visits": 3}, "visits", "次"),
        ({"place": {}}, "place", "大厅"),
        ({"contact": {"phone": "13800001234"}}, "contact", "咨询电话"),
        ({"description": "详见有关部门通知。"}, "description", "没有说清楚"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(changes: dict[str, Any], field: str, words: str) -> None:
    found = problems(content(**changes))
    assert field in {name for name, _message in found}
    assert any(words in message for name, message in found if name == field)


def test_the_coordinating_department_may_lead() -> None:
    assert problems(content(lead="D-ZW")) == []


def test_one_licence_alone_must_cite_its_limit() -> None:
    guides = two(sections=(ENTERPRISE,), header={"type_code": "20"})
    assert [field for field, _message in problems(content(), guides)] == ["limit_basis"]
    assert problems(content(limit_basis="云川市一件事工作方案第八条"), guides) == []


def ask(key: str, **changes: Any) -> dict[str, Any]:
    return section(key, f"{key}栏", question("q", f"{key}问", **changes))


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ({"type": "date"}, {"type": "integer"}, "类型"),
        (
            {"type": "choice", "choices": [{"value": "x"}, {"value": "y"}]},
            {"type": "choice", "choices": [{"value": "y"}, {"value": "z"}]},
            "可选项",
        ),
        ({"pattern": "a+"}, {"pattern": "b+"}, "格式"),
        ({"type": "integer", "min": "9"}, {"type": "integer", "max": "5"}, "取值范围"),
        ({"prefilled_from": "person.name"}, {"prefilled_from": "enterprise.name"}, "自动带出"),
    ],
)
def test_questions_that_no_answer_fits_cannot_be_one(a: dict[str, Any], b: dict[str, Any], reason: str) -> None:
    guides = [member("A", sections=(ask("a", **a),)), member("B", sections=(ask("b", **b),))]
    said = content(rules=Rules(fields=rules.joined([], [["A/a.q"], ["B/b.q"]], "一问")).model_dump())
    ((field, message),) = problems(said, guides)
    assert field == "fields"
    assert reason in message


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"type": "address"}, {"type": "text"}),
        ({"type": "integer"}, {"type": "decimal"}),
        (
            {"type": "choice", "choices": [{"value": "x"}]},
            {"type": "choice", "choices": [{"value": "x"}, {"value": "z"}]},
        ),
    ],
)
def test_a_narrower_question_answers_a_wider_one(a: dict[str, Any], b: dict[str, Any]) -> None:
    guides = [member("A", sections=(ask("a", **a),)), member("B", sections=(ask("b", **b),))]
    said = content(rules=Rules(fields=rules.joined([], [["A/a.q"], ["B/b.q"]], "一问")).model_dump())
    assert problems(said, guides) == []


def test_rows_and_single_answers_cannot_be_one() -> None:
    many = section("b", "多行", question("q", "问"), repeating=True)
    guides = [member("A", sections=(ask("a"),)), member("B", sections=(many,))]
    said = content(rules=Rules(fields=rules.joined([], [["A/a.q"], ["B/b.q"]], "一问")).model_dump())
    assert len(merge_content(said, guides).mapping) == 2
    ((field, message),) = problems(said, guides)
    assert (field, "没有合成" in message) == ("fields", True)


def test_papers_without_a_common_format_cannot_be_one() -> None:
    a = paper("p", "平面图", formats=["dwg"])
    b = paper("p", "平面图", formats=["pdf"])
    guides = [member("A", sections=(ENTERPRISE,), materials=(a,)), member("B", sections=(ENTERPRISE,), materials=(b,))]
    ((field, message),) = problems(content(), guides)
    assert (field, "格式" in message) == ("materials", True)
