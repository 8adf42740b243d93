"""What the site and the draft itself can offer for an input, so that nobody has to remember a name or an identifier."""

from collections.abc import Iterable, Mapping
from typing import Any

from identity.models import Department, Office
from matters.checks import types
from matters.checks.form import CAN_DECIDE
from matters.checks.handling import FILE_FORMATS
from matters.formdef import Field, FormDefinition
from matters.formfields import YES_NO
from matters.guide import GuideContent
from matters.models import MatterTag
from matters.scenario import Scenario

# Name of an offer -> (value, what people read).
Offers = Mapping[str, list[tuple[str, str]]]
SHORT = 24


def of_site(department: Department) -> dict[str, list[tuple[str, str]]]:
    """Departments, offices and themes that are there."""
    departments = list(Department.objects.order_by("name").values_list("name", flat=True))
    offices = Office.objects.order_by("name").values_list("name", flat=True)
    themes = MatterTag.objects.filter(kind=MatterTag.Kind.THEME).order_by("value").values_list("value", flat=True)
    return {
        "departments": _plain(departments),
        "other_departments": _plain(departments),
        "offices": _plain(offices.distinct()),
        "own_offices": _plain(offices.filter(department=department)),
        "themes": _plain(themes.distinct()),
        "formats": _plain(sorted(FILE_FORMATS)),
    }


def of_draft(content: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """Materials, questions and form fields that the draft has by now; parts that cannot be read offer nothing."""
    parsed: GuideContent = types.read(content)[0]
    return {
        "materials": [(m.key, m.name or m.key) for m in parsed.guide.materials if m.key],
        "situations": _situations(parsed.scenario),
        "form_fields": [(path, label) for path, label, _field in _fields(parsed.form)],
        "answers": _answers(parsed.form),
        "values": list(
            {answer[0]: answer for *_at, field in _fields(parsed.form) for answer in _choices(field)}.values()
        ),
    }


def _plain(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


def _situations(scenario: Scenario) -> list[tuple[str, str]]:
    return [
        (f"{question.key}.{choice.value}", f"{_short(question.text or question.key)}：{choice.label or choice.value}")
        for question in scenario.questions
        for choice in question.choices
        if question.key and choice.value
    ]


def _fields(form: FormDefinition) -> list[tuple[str, str, Field]]:
    return [
        (f"{section.key}.{field.key}", f"{_short(section.title or section.key)} › {field.label or field.key}", field)
        for section in form.sections
        for field in section.fields
        if section.key and field.key
    ]


def _answers(form: FormDefinition) -> list[tuple[str, str]]:
    return [
        (f"{path}.{value}", f"{label}：{word}")
        for path, label, field in _fields(form)
        if field.type in CAN_DECIDE
        for value, word in _choices(field)
    ]


def _choices(field: Field) -> list[tuple[str, str]]:
    if field.type == "yesno":
        return [(value, str(word)) for value, word in YES_NO]
    return [(choice.value, choice.label or choice.value) for choice in field.choices if choice.value]


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"
