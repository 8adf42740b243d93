"""What may be filled in on a blank form, as data: one input per room to write or group of boxes to tick, in the form's order.

Names are ``section.field``, in a repeating section ``section.row.field`` with rows from 1, as printed. A choice of several
has one box per option, ``….1``, ``….2``. Names that begin with ``_`` are no answers: they stand for the paper only.
"""

from dataclasses import dataclass

from matters.formdef import Field, FormDefinition, Section
from matters.guide import Material

MOST_BLANK_ROWS = 3
HINTS = {"date": "写成 2026-03-01", "money": "只写数字", "integer": "写整数", "decimal": "只写数字"}
TEXTS = {"text", "textarea", "address", "email"}
SHORT_ANSWER = 40  # characters of a number, a date, a telephone
YES_NO = (("yes", "是"), ("no", "否"))
ELECTRONIC = "_electronic"
GIVEN = "_given"


@dataclass(frozen=True)
class Input:
    """``kind``: text, lines (several), one (of the options), box (its only option). Options are (value, label)."""

    name: str
    label: str
    kind: str
    required: bool = False
    max_length: int = 0
    options: tuple[tuple[str, str], ...] = ()


def inputs(form: FormDefinition, materials: list[Material]) -> list[Input]:
    """Every input of the blank form, from top to bottom."""
    found = [each for section in form.sections for number in rows(section) for each in _of_row(section, number)]
    given = [
        Input(f"{GIVEN}.{number}", f"已提交：{material.name}", "box", options=(("yes", "已提交"),))
        for number, material in enumerate(materials, start=1)
        if not material.shared_data
    ]
    agree = Input(ELECTRONIC, "是否同意以电子方式送达文书", "one", options=(("yes", "同意"), ("no", "不同意")))
    return [*found, *given, agree]


def rows(section: Section) -> list[int]:
    """The numbers of the blank rows of a repeating section; 0 alone for one that does not repeat."""
    if not section.repeating:
        return [0]
    return list(range(1, min(section.max_rows, max(section.min_rows, MOST_BLANK_ROWS)) + 1))


def name_of(section: Section, number: int, field: Field) -> str:
    """The name of a field's input."""
    return f"{section.key}.{number}.{field.key}" if number else f"{section.key}.{field.key}"


def options_of(field: Field) -> tuple[tuple[str, str], ...]:
    """(value, label) of what can be ticked; empty for a field that is written."""
    if field.type == "yesno":
        return YES_NO
    if field.type in ("choice", "multichoice"):
        return tuple((choice.value, choice.label) for choice in field.choices)
    return ()


def _of_row(section: Section, number: int) -> list[Input]:
    return [each for field in section.fields for each in _of_field(section, number, field)]


def _of_field(section: Section, number: int, field: Field) -> list[Input]:
    name, label = name_of(section, number, field), _spoken(section, number, field)
    needed = field.required and field.shown_when is None and number < 2
    options = options_of(field)
    if field.type == "multichoice":
        return [
            Input(f"{name}.{place}", f"{label}：{option[1]}", "box", options=(option,))
            for place, option in enumerate(options, start=1)
        ]
    if options:
        return [Input(name, label, "one", needed, options=options)]
    length = field.max_length if field.type in TEXTS else SHORT_ANSWER
    return [Input(name, label, "lines" if field.type == "textarea" else "text", needed, length)]


def _spoken(section: Section, number: int, field: Field) -> str:
    """What a screen reader says and the mouse shows: label, row, and what is not plain from the label."""
    row = f"{section.title}第 {number} 行，" if number else ""
    notes = [note for note in (HINTS.get(field.type, ""), field.help) if note]
    return f"{row}{field.label}" + (f"（{'；'.join(notes)}）" if notes else "")
