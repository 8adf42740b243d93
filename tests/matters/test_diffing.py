"""What differs between two versions: every difference once, rows that moved are moved, sentences marked readably."""

import copy
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from matters import diffview, fieldwords
from matters.diffing import Change, diff
from matters.fieldtypes import Lenient
from matters.guide import GuideContent
from matters.textmarks import Mark, marks
from tests.matters.guides import WHOLE, whole

# --- any two documents of the shape that guides have

words = st.text("甲乙丙 ab1", max_size=4)
leaves = st.one_of(words, st.integers(0, 9), st.none(), st.lists(words, min_size=1, max_size=3))
inner_rows = st.lists(st.fixed_dictionaries({"key": words, "label": words}), max_size=4)
rows = st.lists(st.fixed_dictionaries({"key": words, "name": words, "n": leaves, "choices": inner_rows}), max_size=6)
documents = st.fixed_dictionaries(
    {"title": leaves, "part": st.fixed_dictionaries({"a": leaves, "b": rows}), "rows": rows}
)


def applied(value: Any, changes: list[Change], depth: int = 0) -> Any:
    """The older content with the changes made to it."""
    own = [one for one in changes if len(one.path) == depth]
    if own:
        return own[0].after
    if isinstance(value, dict):
        return {
            key: applied(part, [one for one in changes if one.path[depth] == key], depth + 1)
            for key, part in value.items()
        }
    return applied_rows(value, changes, depth) if changes else value


def applied_rows(value: list, changes: list[Change], depth: int) -> list:
    here = [one for one in changes if len(one.path) == depth + 1]
    removed = {one.path[depth] for one in here if one.kind == "removed"}
    moved = {one.path[depth]: one.after for one in here if one.kind == "moved"}
    placed = {one.path[depth]: one.after for one in here if one.kind == "added"}
    below = [one for one in changes if len(one.path) > depth + 1]
    kept = {
        old: applied(row, [one for one in below if one.path[depth] == old], depth + 1)
        for old, row in enumerate(value)
        if old not in removed
    }
    placed |= {new: kept.pop(old) for old, new in moved.items()}
    rest = iter(kept.values())
    return [placed[new] if new in placed else next(rest) for new in range(len(placed) + len(kept))]


@given(documents)
def test_nothing_differs_from_itself(one: dict) -> None:
    assert diff(one, copy.deepcopy(one)) == []


@given(documents, documents)
def test_the_changes_make_the_one_into_the_other(one: dict, other: dict) -> None:
    assert applied(one, diff(one, other)) == other


@given(documents, documents)
def test_nothing_is_said_twice(one: dict, other: dict) -> None:
    changes = diff(one, other)
    said = [(change.kind == "added", change.kind == "moved", change.path) for change in changes]
    assert len(said) == len(set(said))
    whole_rows = [change.path for change in changes if change.kind == "removed"]
    for path in whole_rows:
        assert [one for one in changes if one.kind != "added" and one.path[: len(path)] == path] == [
            one for one in changes if one.kind == "removed" and one.path == path
        ]


@given(st.permutations(range(6)))
def test_rows_that_only_moved_are_not_changed(order: list[int]) -> None:
    before = [{"key": str(number), "name": f"材料 {number}"} for number in range(6)]
    changes = diff(before, [before[number] for number in order])
    assert {change.kind for change in changes} <= {"moved"}


def test_one_row_to_the_front_is_one_move() -> None:
    before = [{"key": str(number)} for number in range(30)]
    assert diff(before, [before[29], *before[:29]]) == [Change("moved", (29,), before=29, after=0)]


def test_a_row_is_known_by_its_name_when_its_key_changed() -> None:
    changes = diff([{"key": "a", "name": "身份证"}], [{"key": "b", "name": "身份证"}])
    assert changes == [Change("changed", (0, "key"), "a", "b")]


def test_a_reworded_condition_is_changed_not_exchanged() -> None:
    before = [{"text": "有与经营的食品品种相适应的场所"}, {"text": "年满十八周岁"}]
    after = [{"text": "年满十八周岁"}, {"text": "有与经营的食品品种、数量相适应的场所"}]
    assert {change.kind for change in diff(before, after)} == {"changed", "moved"}


def test_many_strange_rows_take_no_time() -> None:
    before = [{"text": f"旧的第{number}条" * 40} for number in range(400)]
    after = [{"text": f"新的第{number}款" * 40} for number in range(400)]
    assert len(diff(before, after)) == 800


# --- marks in a sentence


@given(st.text("食品药品经营许可0123ab。", max_size=60), st.text("食品药品经营许可0123ab。", max_size=60))
def test_marks_lose_nothing(before: str, after: str) -> None:
    pieces = marks(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == after
    assert all(piece.text for piece in pieces)


def test_a_number_changes_as_a_whole() -> None:
    assert marks("自受理之日起 20 个工作日", "自受理之日起 15 个工作日") == [
        Mark("same", "自受理之日起 "),
        Mark("del", "20"),
        Mark("ins", "15"),
        Mark("same", " 个工作日"),
    ]


def test_single_letters_that_stayed_do_not_break_a_phrase() -> None:
    kinds = [piece.kind for piece in marks("由市场局的窗口办理", "由审批局大厅的前台办理")]
    assert kinds.count("del") <= 2


def test_another_sentence_is_shown_as_another_sentence() -> None:
    assert marks("营业执照", "身份证复印件") == [Mark("del", "营业执照"), Mark("ins", "身份证复印件")]


def test_two_long_texts_are_compared_by_sentence() -> None:
    long = "。".join(f"第{number}句话说的是第{number}件事" for number in range(700)) + "。"
    pieces = marks(long, long.replace("第699句话说的是第699件事", "最后一句改了"))
    assert [piece.kind for piece in pieces if piece.kind != "same"] == ["del", "ins"]


# --- in words


def changed(**changes: Any) -> list[tuple[str, str, str]]:
    """(field, kind, where) of every difference between the whole guide and one with changes."""
    found = diffview.compare(WHOLE, whole(**changes))
    return [(part.label, entry.word, entry.where) for part in found.fields for entry in part.entries]


def test_a_guide_has_no_differences_from_itself() -> None:
    assert diffview.compare(WHOLE, GuideContent.model_validate(WHOLE).model_dump(mode="json")).count == 0


def test_a_leaf_is_named_by_field_row_and_label() -> None:
    materials = copy.deepcopy(WHOLE["guide"]["materials"])
    materials[1]["copies"] = 7
    assert changed(materials=materials) == [
        ("所需要件和表格", "修改", f"第 2 份材料“{materials[1]['name']}” › 复印件份数")
    ]


def test_a_moved_a_new_and_a_lost_material() -> None:
    materials = copy.deepcopy(WHOLE["guide"]["materials"])
    fresh = {"key": "lease", "name": "场所使用证明", "necessity": "必要", "copies": 1}
    kinds = {kind for _field, kind, _where in changed(materials=[fresh, *materials[:0:-1]])}
    assert {"新增", "删除"} <= kinds


def test_codes_are_read_as_words() -> None:
    found = diffview.compare(WHOLE, whole(header={"case_kind": "1"}, promised_limit={"value": 8, "unit": "Z"}))
    said = {"".join(mark.text for mark in entry.marks) for part in found.fields for entry in part.entries}
    assert said >= {"承诺件即办件", "108"}
    assert any("自然日" in text for text in said)


def test_header_form_and_scenario_are_compared_too() -> None:
    form = copy.deepcopy(WHOLE["form"])
    form["sections"][0]["fields"][0]["label"] = "完全不同的名称"
    after = whole(form=form) | {"scenario": {"questions": [{"key": "who", "text": "谁来办？"}]}}
    after["header"]["themes"] = ["开办企业"]
    assert [part.name for part in diffview.compare(WHOLE, after).fields] == ["header", "form", "scenario"]


def test_what_cannot_be_read_is_said() -> None:
    assert diffview.compare(WHOLE, whole(materials="三份")).unread == ["所需要件和表格"]


def models(model: type[BaseModel]) -> set[tuple[str, type[BaseModel]]]:
    """Every model below one, with the name of the field that holds it."""
    found: set[tuple[str, type[BaseModel]]] = set()
    for name, info in model.model_fields.items():
        for one in (info.annotation, *get_args(info.annotation)):
            if isinstance(one, type) and issubclass(one, Lenient):
                found |= {(name, one)} | models(one)
    return found


PARTS = sorted(
    (holder, key) for holder, model in models(GuideContent) if holder != "guide" for key in model.model_fields
)


@pytest.mark.parametrize(("holder", "key"), PARTS)
def test_every_part_has_a_chinese_name(holder: str, key: str) -> None:
    assert not fieldwords.name_of((holder, key)).isascii()
