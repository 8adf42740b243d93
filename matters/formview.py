"""Answers as people read them: rows of label and value for the check page, the case page and the documents."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from identity.numbers import mask_id_number, mask_phone
from matters.formdef import Field, FormAnswers, FormDefinition, Section, is_shown
from matters.formfields import YES_NO, label_of

AnswerRow = tuple[str, str]


def answer_rows(
    definition: FormDefinition, answers: FormAnswers, *, masked: bool = False
) -> list[tuple[Section, list[AnswerRow]]]:
    """Every section with its (label, value) rows; questions that are not asked are left out, unanswered ones are empty.

    Rows of a repeating section are numbered in their labels. ``masked`` hides identity and telephone numbers.
    """
    return [(section, _section_rows(section, answers, masked=masked)) for section in definition.sections]


def _section_rows(section: Section, answers: FormAnswers, *, masked: bool) -> list[AnswerRow]:
    stored = answers.get(section.key)
    if not section.repeating:
        return _rows(section, stored if isinstance(stored, Mapping) else {}, answers, "", masked=masked)
    rows = [row for row in stored if isinstance(row, Mapping)] if isinstance(stored, list) else []
    return [
        found
        for number, row in enumerate(rows, start=1)
        for found in _rows(section, row, answers, f"{number}. ", masked=masked)
    ]


def _rows(
    section: Section, given: Mapping[str, Any], answers: FormAnswers, number: str, *, masked: bool
) -> list[AnswerRow]:
    return [
        (number + label_of(field), shown_value(field, given.get(field.key), masked=masked))
        for field in section.fields
        if is_shown(field, answers, section, dict(given))
    ]


def shown_value(field: Field, value: Any, *, masked: bool = False) -> str:
    """One answer as people read it; empty when there is none. Never fails on what a draft holds."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return "、".join(_choice_label(field, str(part)) for part in value)
    text = str(value)
    if field.type in ("choice", "yesno", "multichoice"):
        return _choice_label(field, text)
    if field.type == "date":
        return _day(text)
    if field.type == "money":
        return _money(text)
    if masked and field.type in ("id_number", "phone"):
        return mask_id_number(text) if field.type == "id_number" else mask_phone(text)
    return text


def _choice_label(field: Field, value: str) -> str:
    labels = dict(YES_NO) if field.type == "yesno" else {choice.value: choice.label for choice in field.choices}
    return str(labels.get(value, value))


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return _("%(year)d年%(month)d月%(day)d日") % {"year": day.year, "month": day.month, "day": day.day}


def _money(text: str) -> str:
    try:
        return _("%(amount)s 元") % {"amount": f"{Decimal(text):,.2f}"}
    except (InvalidOperation, ValueError):
        return text
