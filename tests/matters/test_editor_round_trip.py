"""Content → inputs → what the page sends → content: nothing is lost, whatever the content holds."""

import copy
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.demo import city
from matters.checks.problem import Problem
from matters.editing import problems, stale
from matters.editing.reading import MOST_ROWS, read, sent
from matters.editing.shapes import Kind, Shape, whole
from matters.editing.values import ABSENT
from matters.guide import GuideContent
from tests.matters.guides import whole as whole_guide

PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=12)
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-9, 10**20), st.floats(allow_nan=False), PLAIN, st.just([]), st.just({})
)


def values_of(shape: Shape) -> st.SearchStrategy[Any]:
    """Values that a draft may hold: right ones, wrong types, nothing."""
    if shape.kind == Kind.GROUP:
        return groups_of(shape)
    if shape.kind == Kind.ROWS:
        return st.lists(groups_of(shape) | JUNK, max_size=2)
    if shape.kind in (Kind.CHOICES, Kind.LINES):
        known = st.sampled_from(list(shape.options) or ["a"])
        return st.lists(known | PLAIN | st.integers(1, 7), max_size=3)
    if shape.kind == Kind.NUMBER:
        return st.integers(0, 99) | PLAIN
    if shape.kind in (Kind.FLAG, Kind.ASKED):
        return st.booleans() | st.sampled_from(["yes", "no", "maybe"])
    return st.sampled_from(list(shape.options)) if shape.options else PLAIN


def groups_of(shape: Shape) -> st.SearchStrategy[dict[str, Any]]:
    keys: dict[str, st.SearchStrategy[Any]] = {}
    for part in shape.parts:
        if part.kind == Kind.JOINED:
            keys |= dict.fromkeys(part.keys, PLAIN)
        else:
            keys[part.name] = values_of(part) | JUNK
    some = st.lists(st.sampled_from([*keys, "unknown_key"]), max_size=4, unique=True)
    return some.flatmap(lambda names: st.fixed_dictionaries({name: keys.get(name, JUNK) for name in names}))


def posted(content: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, value in sent(whole(), "", content):
        found[name].append(value)
    return found


@given(groups_of(whole()))
def test_a_page_that_nobody_touched_changes_nothing(content):
    before = copy.deepcopy(content)
    assert repr(read(posted(content), content)) == repr(before)
    assert content == before


@pytest.mark.parametrize("part", ["guide", "header", "form", "scenario"])
@given(data=st.data())
def test_a_part_that_nobody_touched_changes_nothing(part, data):
    content = {part: data.draw(groups_of(whole().part(part))), "beside": {"kept": 1}}
    assert repr(read(posted(content), content)) == repr(content)


@pytest.mark.parametrize("path", city.guide_files(), ids=lambda path: path.stem)
def test_a_demo_guide_survives_and_can_be_built_from_its_inputs_alone(path):
    content = city.guide_content(path)
    assert read(posted(content), content) == content
    rebuilt = read(posted(content), {"header": {"code": content["header"]["code"]}})
    assert in_any_order(rebuilt) == in_any_order(content)


def in_any_order(content: Any) -> GuideContent:
    """The typed content; ticked boxes have no order of their own."""
    parsed = GuideContent.model_validate(content)
    for material in parsed.guide.materials:
        material.formats.sort()
    return parsed


def test_text_in_a_number_is_kept_as_typed_and_a_number_becomes_one():
    page = posted(whole_guide())
    page["guide.acceptance_limit"] = ["五天"]
    page["guide.promised_limit.value"] = [" １２ "]
    guide = read(page, whole_guide())["guide"]
    assert guide["acceptance_limit"] == "五天"
    assert guide["promised_limit"]["value"] == 12


def test_an_emptied_number_is_not_said_rather_than_nought():
    page = posted(whole_guide())
    page["guide.service_capability.visits"] = [""]
    assert "visits" not in read(page, whole_guide())["guide"]["service_capability"]


def test_blocks_follow_the_order_in_which_they_are_sent_and_keep_what_no_input_shows():
    content = whole_guide()
    content["guide"]["materials"][2]["from_elsewhere"] = "kept"
    page = posted(content)
    page["guide.materials"] = ["2:2", "n1:", "0:0"]
    page["guide.materials.n1.name"] = ["委托书"]
    materials = read(page, content)["guide"]["materials"]
    assert [material["name"] for material in materials] == ["营业执照", "委托书", "食品经营许可申请书"]
    assert materials[0]["from_elsewhere"] == "kept"


def test_a_block_that_was_saved_at_another_place_is_still_itself():
    content = whole_guide()
    content["guide"]["materials"].reverse()
    page = posted(whole_guide())  # made before the blocks were turned round, with its own names
    page["guide.materials"] = ["2:0", "1:1", "0:2"]
    assert read(page, content) == content


def test_none_must_be_said():
    content = whole_guide(materials=[])
    page = posted(content)
    assert page["guide.materials.none"] == ["yes"]
    del page["guide.materials.none"]
    assert "materials" not in read(page, content)["guide"]
    page["guide.materials.none"] = ["yes"]
    del content["guide"]["materials"]
    assert read(page, content)["guide"]["materials"] == []


def test_one_choice_writes_what_a_question_hangs_on():
    page = posted(whole_guide())
    page["form.sections.0.fields.1.shown_when.target"] = ["place.online.yes"]
    page["form.sections.0.fields.3.shown_when.target"] = [""]
    fields = read(page, whole_guide())["form"]["sections"][0]["fields"]
    assert fields[1]["shown_when"] == {"section": "place", "field": "online", "equals": "yes"}
    assert "shown_when" not in fields[3]


def test_ticked_boxes_keep_their_order_and_new_ones_follow():
    content = whole_guide()
    content["header"]["audiences"] = ["enterprise", "person"]
    page = posted(content)
    page["header.audiences"] = ["person", "enterprise", "investor"]
    page["header.themes"] = ["餐饮食品"]
    page["header.themes.more"] = ["开店\r\n 开办企业 \r\n"]
    header = read(page, content)["header"]
    assert header["audiences"] == ["enterprise", "person", "investor"]
    assert header["themes"] == ["开办企业", "餐饮食品", "开店"]


def test_the_code_cannot_be_changed_by_the_page():
    page = posted(whole_guide())
    page["header.code"] = ["ANOTHER"]
    assert read(page, whole_guide())["header"]["code"] == "YC-SCJG-0001"


@pytest.mark.parametrize("marker", ["", "0", "a b:1", "../x:0", "0:1:2", "x" * 13 + ":1"])
def test_a_marker_that_no_page_has_is_refused(marker):
    with pytest.raises(ValueError, match="页面不完整"):
        read({"guide.materials": [marker]}, {})


def test_a_list_without_end_is_refused():
    with pytest.raises(ValueError, match="最多"):
        read({"guide.conditions": [f"n{n}:" for n in range(MOST_ROWS + 1)]}, {})


@given(groups_of(whole()))
def test_marks_and_states_bear_any_content(content):
    assert stale.unpacked(stale.packed(content)) == stale.marks(content)
    assert len(problems.states(content, [])) == 23
    assert stale.differences(content, content, stale.marks(content)) == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("materials.3.name", "guide.materials.3.name"),
        ("header.code", "header.code"),
        ("form.sections.0.fields.1.shown_when.equals", "form.sections.0.fields.1.shown_when.target"),
        ("scenario.questions.0.choices.1.fills.0.field", "scenario.questions.0.choices.1.fills.0.target"),
        ("scenario.questions.0.choices.1.fills.0.value", "scenario.questions.0.choices.1.fills.0.value"),
        ("form.sections.0.fields.1.key", "form.sections.0.fields.1.key"),
    ],
)
def test_a_problem_goes_to_the_input_that_mends_it(path, name):
    assert problems.name_of(Problem(path.split(".")[0], path, "")) == name


def walk(shape: Shape, path: str = ""):
    for part in shape.parts:
        yield f"{path}.{part.name}", part
        yield from walk(part, f"{path}.{part.name}")


@pytest.mark.parametrize(("path", "shape"), [*walk(whole())], ids=lambda value: value if isinstance(value, str) else "")
def test_every_field_and_sub_field_has_label_help_and_example(path, shape):
    assert shape.word.label != shape.name
    assert shape.word.help
    if shape.kind in (Kind.TEXT, Kind.NUMBER, Kind.LINES):
        assert shape.word.example
    if shape.kind == Kind.ROWS:
        assert shape.word.row
        assert shape.part(shape.word.title)


def test_choices_are_read_in_words():
    labels = whole().part("header").part("type_code").options
    assert str(labels["01"]) == "行政许可"
    assert whole().part("form").part("sections").part("fields").part("type").options["yesno"] == "是或否"
    assert ABSENT is not None
