"""Reading a guide piece by piece, so that one wrong type hides nothing else; pydantic's errors in Chinese."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from matters.checks.problem import LABELS, Problem
from matters.fieldtypes import Lenient
from matters.formdef import FormDefinition
from matters.guide import Guide, GuideContent, Header
from matters.scenario import Scenario

Part = TypeVar("Part", bound=Lenient)

SENTENCES = {
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字太大",
    "int_from_float": "应为整数，不能带小数",
    "bool_type": "应为 true（是）或 false（否）",
    "bool_parsing": "应为 true（是）或 false（否）",
    "list_type": "应为列表 […]",
    "dict_type": "应为对象 {…}",
    "model_type": "应为对象 {…}",
    "model_attributes_type": "应为对象 {…}",
}


def read(content: Any) -> tuple[GuideContent, list[Problem], set[str]]:
    """The content with unreadable fields left out, the problems found, and the names of the fields left out."""
    if not isinstance(content, Mapping):
        nothing = {"guide", "header", "form", "scenario"}
        return GuideContent(), [Problem("guide", "", "指南应为一个 JSON 对象 {…}。")], nothing
    try:
        return GuideContent.model_validate(content), [], set()
    except ValidationError:
        return _read_piecewise(content)


def _read_piecewise(content: Mapping[str, Any]) -> tuple[GuideContent, list[Problem], set[str]]:
    guide, guide_problems, broken = _read_keys(Guide, content.get("guide", {}), "guide")
    header, header_problems, broken_header = _read_keys(Header, content.get("header", {}), "header")
    form, form_problems = _read_whole(FormDefinition, content, "form")
    scenario, scenario_problems = _read_whole(Scenario, content, "scenario")
    parsed = GuideContent(header=Header(**header), guide=Guide(**guide), form=form, scenario=scenario)
    unread = broken | ({"header"} if broken_header else set())
    unread |= ({"form"} if form_problems else set()) | ({"scenario"} if scenario_problems else set())
    return parsed, guide_problems + header_problems + form_problems + scenario_problems, unread


def _read_whole(model: type[Part], content: Mapping[str, Any], name: str) -> tuple[Part, list[Problem]]:
    """A part that is read whole or not at all."""
    data = content.get(name) or {}
    problems = _type_problems(model, data, name)
    return (model() if problems else model.model_validate(data)), problems


def _read_keys(model: type[Lenient], data: Any, name: str) -> tuple[dict[str, Any], list[Problem], set[str]]:
    if data is None:
        data = {}
    if not isinstance(data, Mapping):
        return {}, [Problem(name, name, f"{LABELS.get(name, '指南')}应为对象 {{…}}。")], {name, *model.model_fields}
    good: dict[str, Any] = {}
    problems: list[Problem] = []
    for key, value in data.items():
        if key not in model.model_fields or value is None:
            continue
        found = _type_problems(model, {key: value}, name)
        problems += found
        if not found:
            good[key] = value
    broken = {key for key in model.model_fields if key in data and data[key] is not None and key not in good}
    return good, problems, broken


def _type_problems(model: type[Lenient], data: Any, name: str) -> list[Problem]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        return [_problem(detail, name) for detail in error.errors(include_url=False)]
    return []


def _problem(detail: ErrorDetails, name: str) -> Problem:
    where = [str(part) for part in detail["loc"]]
    field = where[0] if name == "guide" and where else name
    path = ".".join(where if name == "guide" else [name, *where])
    return Problem(field, path, f"{sentence(detail)}。")


def sentence(detail: ErrorDetails) -> str:
    """A pydantic error in Chinese, without the full stop."""
    kind, context = detail["type"], detail.get("ctx") or {}
    if kind == "one_of":
        return detail["msg"]
    if kind == "greater_than_equal":
        return f"不能小于 {context['ge']}"
    if kind == "less_than_equal":
        return f"不能大于 {context['le']}"
    return SENTENCES.get(kind, "格式不正确")
