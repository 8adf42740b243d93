"""Lay a form definition out for paper: rows of one wide or two short cells, tables for repeating sections."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from applications.documents import form_inputs
from matters.formdef import Field, FormAnswers, FormDefinition, Section

SHORT_TYPES = ("integer", "decimal", "money", "date", "phone", "yesno", "id_number", "uscc", "email")
SHORT_TEXT = 60  # characters a short cell may be asked to hold
SHORT_CHOICES = 12  # characters of all options together that still fit on a short cell's line
MOST_COLUMNS = 6


@dataclass(frozen=True)
class Option:
    """A box to tick."""

    label: str
    ticked: bool
    name: str = ""


@dataclass(frozen=True)
class Cell:
    """A label and what stands beside it: options, a value, or room to write (``tall`` for much of it). On a blank form the
    room has the ``name`` of its input, see form_inputs."""

    label: str
    required: bool = False
    note: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    tall: bool = False
    wide: bool = True
    name: str = ""


@dataclass(frozen=True)
class Block:
    """A printed section: ``rows`` of cells, or ``columns`` with ``lines`` of cells below them."""

    title: str
    help: str = ""
    rows: tuple[tuple[Cell, ...], ...] = ()
    columns: tuple[Cell, ...] = ()
    lines: tuple[tuple[Cell, ...], ...] = ()


def blocks(form: FormDefinition, answers: FormAnswers | None) -> list[Block]:
    """The form for paper. ``answers`` None leaves room to write; otherwise fields that do not apply are left out."""
    return [block for section in form.sections for block in _section(form, section, answers)]


def example_answers(form: FormDefinition) -> FormAnswers:
    """The answers of the sample form: each field's ``example``; a repeating section has one row."""
    answers: FormAnswers = {}
    for section in form.sections:
        row = {one.key: one.example.split(",") if one.type == "multichoice" else one.example for one in section.fields}
        answers[section.key] = [row] if section.repeating else row
    return answers


def _section(form: FormDefinition, section: Section, answers: FormAnswers | None) -> Iterable[Block]:
    if not section.repeating:
        row = None if answers is None else answers.get(section.key) or {}
        yield Block(section.title, section.help, rows=_paired(_cells(form, section, 0, row, answers)))
        return
    rows = [None] * len(form_inputs.rows(section)) if answers is None else answers.get(section.key) or []
    if len(section.fields) <= MOST_COLUMNS:
        columns = tuple(_cell(form, one, None, "") for one in section.fields)
        lines = tuple(_line(form, section, number, row) for number, row in enumerate(rows, start=1))
        yield Block(section.title, section.help, columns=columns, lines=lines)
        return
    for number, row in enumerate(rows, start=1):
        title = f"{section.title}（{number}）"
        yield Block(title, section.help, rows=_paired(_cells(form, section, number, row, answers)))


def _line(form: FormDefinition, section: Section, number: int, row: Any) -> tuple[Cell, ...]:
    return tuple(
        _in_table(_cell(form, one, row, form_inputs.name_of(section, number, one)), row) for one in section.fields
    )


def _cells(form: FormDefinition, section: Section, number: int, row: Any, answers: FormAnswers | None) -> list[Cell]:
    shown = [one for one in section.fields if answers is None or _applies(section, one, row, answers)]
    return [_cell(form, one, row, form_inputs.name_of(section, number, one)) for one in shown]


def _applies(section: Section, one: Field, row: dict[str, Any], answers: FormAnswers) -> bool:
    rule = one.shown_when
    if rule is None:
        return True
    holder = row if rule.section == section.key else answers.get(rule.section) or {}
    return isinstance(holder, dict) and rule.equals in _values(holder.get(rule.field))


def _paired(cells: list[Cell]) -> tuple[tuple[Cell, ...], ...]:
    """Neighbouring short cells share a row."""
    rows: list[tuple[Cell, ...]] = []
    for cell in cells:
        if not cell.wide and rows and len(rows[-1]) == 1 and not rows[-1][0].wide:
            rows[-1] = (rows[-1][0], cell)
        else:
            rows.append((cell,))
    return tuple(rows)


def _cell(form: FormDefinition, one: Field, row: dict[str, Any] | None, name: str) -> Cell:
    value = None if row is None else row.get(one.key)
    options = _options(one, value, name)
    return Cell(
        label=one.label,
        required=one.required,
        note="；".join(part for part in (_when(form, one), one.help) if part) if row is None else "",
        value="" if options else _written(one, value),
        options=options,
        tall=one.type == "textarea",
        wide=not _is_short(one, options),
        name=name if row is None else "",
    )


def _in_table(cell: Cell, row: dict[str, Any] | None) -> Cell:
    """In a narrow column an answered choice shows only what was chosen."""
    if row is None or not cell.options:
        return cell
    return replace(cell, options=(), value="、".join(option.label for option in cell.options if option.ticked))


def _is_short(one: Field, options: tuple[Option, ...]) -> bool:
    if options:
        return sum(len(option.label) for option in options) <= SHORT_CHOICES
    return one.type in SHORT_TYPES or (one.type == "text" and one.max_length <= SHORT_TEXT)


def _options(one: Field, value: Any, name: str) -> tuple[Option, ...]:
    chosen = _values(value)
    return tuple(
        Option(label, key in chosen, _box_name(one, name, place))
        for place, (key, label) in enumerate(form_inputs.options_of(one), start=1)
    )


def _box_name(one: Field, name: str, place: int) -> str:
    """Options of which one may be chosen are one input, of which several may, an input each."""
    return f"{name}.{place}#1" if one.type == "multichoice" else f"{name}#{place}"


def _values(value: Any) -> list[str]:
    """An answer as a list of words; yes and no may have been kept as booleans."""
    if value is None or value == "":
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _written(one: Field, value: Any) -> str:
    if value is None or value == "":
        return ""
    if one.type == "date":
        day = date.fromisoformat(str(value))
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{value}元" if one.type == "money" and "元" not in one.label else str(value)


def _when(form: FormDefinition, one: Field) -> str:
    """When the field is to be filled in, as a hint on the blank form."""
    rule = one.shown_when
    if rule is None:
        return ""
    asked = form.section(rule.section).field(rule.field)
    labels = {"yes": "是", "no": "否"} | {choice.value: choice.label for choice in asked.choices}
    return f"“{asked.label}”选“{labels.get(rule.equals, rule.equals)}”时填写"
