"""Taking the joint form apart (pure): what the joint form takes whole, each member takes whole."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.joint import splitting
from matters.forms import clean_answers
from matters.joint import merging
from matters.joint.guide import Package
from matters.joint.materials import MemberGuide
from tests.matters.joint_guides import ENTERPRISE, member, question, section

STAFF = section("staff", "从业人员", question("name", "姓名", required=True), repeating=True, min_rows=1, max_rows=5)
A = member(
    "A", sections=(ENTERPRISE, section("place", "经营场所", question("area", "面积", type="integer", required=True)))
)
B = member(
    "B",
    sections=(
        ENTERPRISE,
        section(
            "site", "经营场所", question("size", "面积", type="integer", min="10"), question("fire", "消防", example="")
        ),
        STAFF,
    ),
)


def answers_of(package: Package) -> dict[str, Any]:
    return {
        "enterprise": {"name": "青禾", "uscc": "x"},
        "place": {"area": "80", "fire": "有"},
        "staff": [{"name": "赵敏"}],
    }


def test_each_member_gets_its_own_questions_under_its_own_names() -> None:
    package = merging.merge([A, B])
    answers = answers_of(package)
    assert splitting.split(package, "A", answers) == {
        "enterprise": {"name": "青禾", "uscc": "x"},
        "place": {"area": "80"},
    }
    assert splitting.split(package, "B", answers) == {
        "enterprise": {"name": "青禾", "uscc": "x"},
        "site": {"size": "80", "fire": "有"},
        "staff": [{"name": "赵敏"}],
    }


def test_what_was_not_answered_is_left_out() -> None:
    package = merging.merge([A, B])
    assert splitting.split(package, "A", {"place": {}}) == {"place": {}}
    assert splitting.split(package, "B", {}) == {}


def test_the_way_back_fills_in_the_joint_form() -> None:
    package = merging.merge([A, B])
    assert splitting.joined(package, {"B": {"site": {"size": "120"}}}) == {"place": {"area": "120"}}
    assert splitting.joined(package, {"C": {"site": {"size": "1"}}}) == {}


@pytest.mark.parametrize(
    ("path", "section_key"), [("site.size", "place"), ("staff", "staff"), ("staff.0.name", "staff")]
)
def test_what_is_wrong_for_a_member_is_mended_in_the_joint_form(path: str, section_key: str) -> None:
    assert splitting.joint_sections(merging.merge([A, B]), "B", [path]) == {section_key}


KINDS = st.sampled_from(["text", "textarea", "integer", "decimal"])


@st.composite
def members(draw: Any) -> list[MemberGuide]:
    """Two or three members whose questions overlap by label, with conditions and tables."""
    made = []
    for code in ("A", "B", "C")[: draw(st.integers(2, 3))]:
        labels = draw(st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=4, unique=True))
        kind = draw(KINDS)
        fields = [
            question(f"q{place}", label, type=kind, required=draw(st.booleans()), example="7")
            for place, label in enumerate(labels)
        ]
        if len(fields) > 1 and draw(st.booleans()):
            fields[1]["shown_when"] = {"section": "main", "field": "q0", "equals": "7"}
        rows = section(
            "rows", "名单", question("n", "姓名"), repeating=True, min_rows=draw(st.integers(0, 2)), max_rows=4
        )
        made.append(member(code, sections=(section("main", "基本情况", *fields), rows)))
    return made


@given(members(), st.data())
def test_a_whole_joint_form_is_whole_for_every_member(guides: list[MemberGuide], data: Any) -> None:
    package = merging.merge(guides)
    typed = package.form.example_answers()
    for row in typed.values():
        for target in row if isinstance(row, list) else [row]:
            for name in target:
                target[name] = data.draw(st.sampled_from(["7", "8", ""]), label=name)
    answers, errors = clean_answers(package.form, typed)
    if errors:
        return
    for guide in guides:
        _, own = clean_answers(guide.content.form, splitting.split(package, guide.code, answers))
        assert own == {}
