"""A content as rows and back: nothing is lost, nothing is added, every field has its column."""

import io
import types
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from pydantic import BaseModel

from matters import codes
from matters.guide import GuideContent
from matters.workbook import cells, reading, rows, writing
from matters.workbook.cells import BadCell
from matters.workbook.columns import BY_NAME, CODE_PATH, MATERIALS, SHEETS
from matters.workbook.content import model_in, normal
from matters.workbook.kinds import FIELD_TYPES, PREFILLS, QUESTION_KINDS, Column, Kind
from matters.workbook.rows import Row
from tests.matters.guides import whole

WORDS = st.text(max_size=8) | st.sampled_from(
    [
        "=1+1",
        "+86",
        "-无-",
        "@here",
        "00123",
        "第一行\n第二行",
        "a、b，c",
        "\\",
        "\\、",
        "无",
        "是",
        "_x0041_",
        "#2",
        "\t缩进",
        "x\r\ny",
        "\x1f",
        " 空 ",
    ]
)


# --- the table is whole


def leaves(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value below a model with its annotation; lists of models end in [] and go on."""
    for name, field in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        inner = model_in(field.annotation)
        if inner is None:
            yield here, field
        else:
            yield from leaves(inner, f"{here}[]" if is_list(field.annotation) else here)


def is_list(annotation: Any) -> bool:
    return get_origin(annotation) is list


def full_path(sheet, column: Column) -> str:
    above = [f"{part.path}[]" for part in (*sheet.ancestors, sheet) if part.path]
    return ".".join([*above, column.path])


COLUMNS = {full_path(sheet, column): column for sheet in SHEETS for column in sheet.columns}
FIELDS = dict(leaves(GuideContent))


def test_every_field_has_a_column_and_every_column_a_field() -> None:
    nothing = {path for path, column in COLUMNS.items() if column.kind is Kind.NONE}
    assert set(COLUMNS) - nothing == set(FIELDS) - {CODE_PATH}
    assert {f"{path}[]" for path in nothing} <= {f"{s.path}[]" for s in SHEETS}


def test_headings_and_sheet_names_are_their_own() -> None:
    for sheet in SHEETS:
        assert len(set(sheet.headings)) == len(sheet.headings)
    assert len(BY_NAME) == len(SHEETS)


@pytest.mark.parametrize("path", sorted(set(FIELDS) - {CODE_PATH}))
def test_kind_of_column_fits_the_field(path: str) -> None:
    column, annotation = COLUMNS[path], FIELDS[path].annotation
    inner = get_args(annotation)[0] if is_list(annotation) else annotation
    inner = get_args(inner)[0] if get_origin(inner) is Annotated else inner
    expected = {
        (False, str): {Kind.TEXT, Kind.CODE},
        (False, int): {Kind.NUMBER},
        (False, bool): {Kind.YES_NO},
        (True, str): {Kind.WORDS, Kind.CODES},
        (True, int): {Kind.CODES},
    }
    assert column.kind in expected[is_list(annotation), inner]
    assert (column.choices is None) == (column.kind in (Kind.TEXT, Kind.NUMBER, Kind.WORDS))


@pytest.mark.parametrize("path", sorted(set(FIELDS) - {CODE_PATH}))
def test_empty_is_told_apart_where_the_default_says_something(path: str) -> None:
    column, default = COLUMNS[path], FIELDS[path].default
    if column.kind in (Kind.NUMBER, Kind.YES_NO):
        assert not column.says_nothing
    else:
        assert column.says_nothing == (default not in ("", []))


def accepts(path: str, value: str) -> bool:
    """Whether the model takes this value."""
    parts = path.replace("[]", ".0").split(".")
    data: Any = [value] if is_list(FIELDS[path].annotation) else value
    for part in reversed(parts):
        data = [data] if part == "0" else {part: data}
    try:
        GuideContent.model_validate(data)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("path", [path for path, column in COLUMNS.items() if column.kind in (Kind.CODE, Kind.CODES)])
def test_choices_are_the_models(path: str) -> None:
    choices = COLUMNS[path].choices
    assert choices
    assert all(accepts(path, code) for code in choices)
    assert not accepts(path, "no-such-code")
    assert len({str(label) for label in choices.values()}) == len(choices)


def test_choices_without_table_are_complete() -> None:
    from matters import formdef, scenario

    assert tuple(FIELD_TYPES) == formdef.FIELD_TYPES
    assert tuple(PREFILLS) == formdef.PREFILL_SOURCES
    assert tuple(QUESTION_KINDS) == scenario.QUESTION_KINDS
    assert isinstance(codes.LEVELS, dict)


# --- cells


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
    column = Column("", "")
    assert (cells.decode(column, cells.encode(column, text)) or "").strip() == text.strip()


@given(st.lists(st.text().map(lambda text: text.strip(cells.SPACES))))
def test_any_words_come_back(words: list[str]) -> None:
    column = next(column for column in MATERIALS.columns if column.path == "formats")
    read = cells.decode(column, cells.encode(column, words))
    assert (read or []) == [word for word in words if word]


@pytest.mark.parametrize(
    ("cell", "words"),
    [("pdf,jpg", ["pdf", "jpg"]), ("pdf；jpg\npng", ["pdf", "jpg", "png"]), ("、、", []), (r"a\、b、c", ["a、b", "c"])],
)
def test_people_separate_words_in_their_ways(cell: str, words: list[str]) -> None:
    assert cells.decode(Column("", "", Kind.WORDS), cell) == words


@pytest.mark.parametrize("cell", ["行政许可", "01", "1", 1, 1.0])
def test_codes_and_labels_are_understood(cell: Any) -> None:
    assert cells.decode(Column("", "", Kind.CODE, choices=codes.MATTER_TYPES), cell) == "01"


@pytest.mark.parametrize(
    ("kind", "cell", "sentence"),
    [
        (Kind.CODE, "行政许课", "是不是“行政许可”"),
        (Kind.CODE, "xyz", "可选：.*行政许可"),
        (Kind.NUMBER, "五", "“五”不是整数"),
        (Kind.NUMBER, 1.5, "不是整数"),
        (Kind.NUMBER, True, "不是整数"),
        (Kind.NUMBER, "9" * 5000, "不是整数"),
        (Kind.YES_NO, "也许", "“是”或“否”"),
        (Kind.TEXT, 1e30, "丢失"),
        (Kind.TEXT, 10**17, "丢失"),
    ],
)
def test_what_cannot_be_read_is_said(kind: Kind, cell: Any, sentence: str) -> None:
    with pytest.raises(BadCell, match=sentence):
        cells.decode(Column("", "", kind, choices=codes.MATTER_TYPES), cell)


# --- contents


def values(field: Any) -> st.SearchStrategy[Any]:
    """Values for a leaf: mostly good ones."""
    column = COLUMNS.get(field)
    assert column is not None
    if column.kind in (Kind.CODE, Kind.CODES):
        one = st.sampled_from([*(column.choices or {})])
        return one | st.just("") if column.kind is Kind.CODE else st.lists(one, max_size=3)
    if column.kind is Kind.NUMBER:
        return st.integers(1, 5)
    if column.kind is Kind.YES_NO:
        return st.booleans()
    return st.lists(WORDS, max_size=3) if column.kind is Kind.WORDS else WORDS


def contents(model: type[BaseModel], path: str = "") -> st.SearchStrategy[dict[str, Any]]:
    """Contents with any of their parts missing."""
    parts: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        inner = model_in(field.annotation)
        if inner is None:
            parts[name] = values(here) if here != CODE_PATH else st.just("YC-1")
        elif is_list(field.annotation):
            parts[name] = st.lists(st.deferred(lambda i=inner, h=here: contents(i, f"{h}[]")), max_size=2)
        else:
            parts[name] = contents(inner, here)
    required = {"header"} if model is GuideContent else {"code"} if path == "header" else set()
    return st.fixed_dictionaries(
        {name: parts[name] for name in required}, optional={n: p for n, p in parts.items() if n not in required}
    )


def there_and_back(content: dict[str, Any]) -> dict[str, Any]:
    made = [*rows.rows_of(normal(content), "YC-SCJG")]
    numbered = [Row(sheet, number, values) for number, (sheet, values) in enumerate(made, start=2)]
    assembled = rows.assemble(str(numbered[0].cells[0]), numbered[0], numbered[1:])
    assert assembled.faults == []
    return normal(assembled.content)


@given(contents(GuideContent))
def test_any_content_comes_back(content: dict[str, Any]) -> None:
    assert there_and_back(content) == normal(content)


@settings(max_examples=8)
@given(contents(GuideContent), st.text(min_size=1).map(lambda text: text.strip(cells.SPACES)))
def test_any_content_comes_back_through_a_file(content: dict[str, Any], text: str) -> None:
    content = normal(content | {"form": {"title": text}})
    writing.write([("YC-SCJG", content)], file := io.BytesIO())
    with reading.opened(file) as book:
        main, *others = reading.read(book, reading.Layout(), pytest.fail)
    assembled = rows.assemble("YC-1", main, others)
    assert (assembled.faults, normal(assembled.content)) == ([], content)


@given(contents(GuideContent))
def test_the_normal_form_is_normal_and_means_the_same(content: dict[str, Any]) -> None:
    once = normal(content)
    assert normal(once) == once
    assert normal(GuideContent.model_validate(once).model_dump(mode="json", exclude_unset=True)) == once


def test_a_whole_guide_comes_back() -> None:
    assert there_and_back(whole()) == normal(whole())


def test_a_published_guide_comes_back() -> None:
    full = GuideContent.model_validate(whole()).model_dump(mode="json")
    assert there_and_back(full) == normal(full)


def test_zero_and_no_are_not_missing() -> None:
    content = normal({"header": {"code": "a"}, "guide": {"acceptance_limit": 0, "fee_standard": {"is_fee": False}}})
    assert content["guide"] == {"acceptance_limit": 0, "fee_standard": {"is_fee": False}}
    assert there_and_back(content) == content


def test_saying_that_there_are_none_is_not_saying_nothing() -> None:
    content = normal(
        {"header": {"code": "a", "faq": []}, "guide": {"materials": [], "district_points": "无", "conditions": []}}
    )
    assert content == {"header": {"code": "a"}, "guide": {"materials": [], "district_points": []}}
    assert there_and_back(content) == content


@pytest.mark.parametrize(
    ("guide", "kept"),
    [
        ({"acceptance_limit": "五"}, {"acceptance_limit": "五"}),
        ({"feedback_limit": "廿"}, {}),
        ({"materials": [{"key": "a", "max_mb": "大"}]}, {"materials": [{"key": "a", "max_mb": "大"}]}),
        ({"materials": [{"key": "a", "formats": ["pdf", {}]}]}, {"materials": [{"key": "a"}]}),
        ({"materials": 5}, {}),
        ({"contact": [1]}, {}),
    ],
)
def test_what_is_of_a_wrong_type_is_kept_where_a_cell_can_hold_it(guide: dict, kept: dict) -> None:
    assert normal({"header": {"code": "a"}, "guide": guide}).get("guide", {}) == kept


def column_of(heading: str) -> str:
    return get_column_letter(BY_NAME["事项"].headings.index(heading) + 1)


def test_places_are_cells() -> None:
    made = [*rows.rows_of(normal(whole()), "YC-SCJG")]
    counts: dict[str, int] = {}
    numbered = []
    for sheet, cells_ in made:
        counts[sheet.name] = counts.get(sheet.name, 1) + 1
        numbered.append(Row(sheet, counts[sheet.name], cells_))
    assembled = rows.assemble("YC-SCJG-0001", numbered[0], numbered[1:])
    found = {
        path: (place.sheet, place.cell)
        for path in (
            "materials.1.name",
            "header.code",
            "matter_name",
            "legal_basis",
            "acceptance_window.weekly_hours.0",
            "feedback_limit",
            "materials",
            "materials.0.formats.1",
            "form.sections.0.fields.3.shown_when",
            "form.sections.1.fields.0.label",
        )
        for place in [assembled.place_of(rows.full_path(path))]
    }
    assert found == {
        "materials.1.name": ("材料", "C3"),
        "header.code": ("事项", "A2"),
        "matter_name": ("事项", "C2"),
        "legal_basis": ("办理依据", "A2"),
        "acceptance_window.weekly_hours.0": ("受理时间", "A2"),
        "feedback_limit": ("事项", column_of("反馈时限") + "2"),
        "materials": ("材料", "A2"),
        "materials.0.formats.1": ("材料", "K2"),
        "form.sections.0.fields.3.shown_when": ("表单字段", "N5"),
        "form.sections.1.fields.0.label": ("表单字段", "E6"),
    }


def test_rows_without_owner_and_contradictions_are_faults() -> None:
    main, *others = [Row(sheet, n, cells_) for n, (sheet, cells_) in enumerate(rows.rows_of(normal(whole()), "x"), 2)]
    said = list(main.cells)
    said[BY_NAME["事项"].headings.index("不需要材料")] = "是"
    moved = [
        Row(r.sheet, r.number, ["YC-SCJG-0001", "nowhere", *r.cells[2:]]) if r.sheet.name == "表单字段" else r
        for r in others
    ]
    faults = rows.assemble("YC-SCJG-0001", Row(main.sheet, 2, said), moved).faults
    assert {fault.place.sheet for fault in faults} == {"事项", "表单字段"}
    assert "“表单部分”里没有这个事项的“nowhere”" in faults[1].message
    assert isinstance(faults, list)
    assert not isinstance(faults, types.GeneratorType)
