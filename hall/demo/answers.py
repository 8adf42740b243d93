"""Make valid answers for an application form: from its examples, the applicant's own data and a little chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from matters import situations
from matters.formdef import Field, FormAnswers, FormDefinition, Section, is_shown
from matters.scenario import Scenario
from matters.situations import Answers

# The examples in the guide files were written as of this day; dates move with the day of the application.
EXAMPLES_AS_OF = date(2026, 3, 2)


@dataclass(frozen=True)
class Person:
    """Somebody to be named in repeating rows."""

    name: str
    id_number: str
    phone: str


def make_answers(
    form: FormDefinition,
    *,
    known: Mapping[str, str],
    people: list[Person],
    day: date,
    chance: Random,
    fixed: FormAnswers | None = None,
) -> FormAnswers:
    """Answers to every question that is asked; ``known`` are the facts of ``prefilled_from``, ``fixed`` what is said already."""
    writer = _Writer(known, people, day, chance, fixed or {})
    answers: FormAnswers = {}
    for section in form.sections:
        answers[section.key] = writer.rows(section, answers) if section.repeating else writer.row(section, answers)
    return answers


def make_situation(scenario: Scenario, chance: Random) -> Answers:
    """Answers to a scenario's questions that lead to an application; empty when it has no questions."""
    situation: Answers = {}
    while question := situations.next_question(scenario, situation):
        going_on = [choice.value for choice in question.choices if not choice.stop]
        situation = situation | {question.key: [chance.choice(going_on)]}
    return situation


@dataclass
class _Writer:
    known: Mapping[str, str]
    people: list[Person]
    day: date
    chance: Random
    fixed: FormAnswers

    def rows(self, section: Section, answers: FormAnswers) -> list[dict[str, Any]]:
        """A few rows, as many as the section allows."""
        count = min(section.max_rows, section.min_rows + self.chance.choice((0, 0, 1, 1, 2)))
        return [self.row(section, answers, number) for number in range(count)]

    def row(self, section: Section, answers: FormAnswers, number: int = 0) -> dict[str, Any]:
        """One section, or one row of a repeating one."""
        row: dict[str, Any] = {}
        who = self.chance.choice(self.people)
        for field in section.fields:
            said = self.fixed.get(section.key, {}).get(field.key)
            if said is not None and is_shown(field, answers, section, row):
                row[field.key] = said
            elif is_shown(field, answers, section, row) and (field.required or self.chance.random() < 0.6):
                row[field.key] = self.value(field, who, first=number == 0 and not section.repeating)
        return row

    def value(self, field: Field, who: Person, *, first: bool) -> Any:
        """A value that the field takes; what the hall knows of the applicant comes first."""
        if first and self.known.get(field.prefilled_from):
            return self.known[field.prefilled_from]
        if field.type in ("id_number", "phone"):
            return who.id_number if field.type == "id_number" else who.phone
        if field.type == "text" and field.key == "name" and field.label == "姓名":
            return who.name
        if field.choices:
            return self._choice(field)
        if field.type == "yesno":
            return self.chance.choice((field.example, field.example, "yes", "no"))
        if field.type in ("integer", "decimal", "money"):
            return self._number(field)
        if field.type == "date":
            return (date.fromisoformat(field.example) + (self.day - EXAMPLES_AS_OF)).isoformat()
        return field.example

    def _choice(self, field: Field) -> Any:
        values = [choice.value for choice in field.choices]
        usual = field.example.split(",")
        if field.type == "multichoice":
            more = {value for value in values if self.chance.random() < 0.15}
            return [value for value in values if value in usual or value in more]
        return usual[0] if self.chance.random() < 0.6 else self.chance.choice(values)

    def _number(self, field: Field) -> str:
        """The example, up to a third more or less, within the field's bounds."""
        places = 0 if field.type == "integer" else 2
        number = Decimal(field.example) * Decimal(str(self.chance.uniform(0.7, 1.3)))
        low, high = Decimal(field.min or 0), Decimal(field.max or "1e12")
        return f"{min(max(number, low), high):.{places}f}"
