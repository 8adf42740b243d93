"""What the answers to a scenario write into the application form, and where the form says something else by now. Pure."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from matters import situations
from matters.formdef import Field, FormAnswers, Section, is_shown
from matters.formview import shown_value
from matters.guide import GuideContent
from matters.scenario import Situation


@dataclass(frozen=True)
class Contradiction:
    """A field of the form that says something else than the situation; values in words."""

    section: str
    label: str
    given: str
    wanted: str


@dataclass(frozen=True)
class _Filled:
    section: Section
    field: Field
    value: Any


def filled(content: GuideContent, situation: Situation) -> FormAnswers:
    """What the situation fills in, in the shape of answers; fields that the form does not have are left out."""
    answers: FormAnswers = {}
    for one in _fills(content, situation):
        answers.setdefault(one.section.key, {})[one.field.key] = one.value
    return answers


def refilled(content: GuideContent, before: Situation, after: Situation, answers: FormAnswers) -> FormAnswers:
    """The answers after the situation changed: what the old one had filled in, or what is empty, follows the new one.

    What the person typed over stays, and shows up as a contradiction. Sections not saved yet are filled when they are shown.
    """
    old = filled(content, before)
    changed = dict(answers)
    for one in _fills(content, after):
        row = changed.get(one.section.key)
        if not isinstance(row, dict):
            continue
        held = row.get(one.field.key)
        if held in (None, "", [], old.get(one.section.key, {}).get(one.field.key)):
            changed[one.section.key] = row | {one.field.key: one.value}
    return changed


def contradictions(content: GuideContent, situation: Situation, answers: FormAnswers) -> list[Contradiction]:
    """Answered fields that no longer say what the situation filled in."""
    found = []
    for one in _fills(content, situation):
        row = answers.get(one.section.key)
        held = row.get(one.field.key) if isinstance(row, dict) else None
        if held in (None, "", []) or not is_shown(one.field, answers, one.section, row or {}):
            continue
        if not _says(held, one.value):
            words = [shown_value(one.field, value) for value in (held, one.value)]
            found.append(Contradiction(one.section.key, one.field.label, *words))
    return found


def _fills(content: GuideContent, situation: Situation) -> list[_Filled]:
    found = []
    for fill in situations.fills(content.scenario, situation):
        try:
            section = content.form.section(fill.section)
            field = section.field(fill.field)
        except KeyError:
            continue
        if not section.repeating:
            value = fill.value.split(",") if field.type == "multichoice" else fill.value
            found.append(_Filled(section, field, value))
    return found


def _says(held: Any, wanted: Any) -> bool:
    """Whether an answer holds what was filled in; of several choices it may hold more."""
    if isinstance(wanted, list):
        return set(wanted) <= set(held if isinstance(held, list) else [held])
    return str(held) == wanted or (_number(wanted) is not None and _number(held) == _number(wanted))


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
