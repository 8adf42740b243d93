"""The normal form of a guide's content: what a workbook can carry, and in which two contents are compared.

Only what the models know, with their types, text without spaces at its ends. Not said, null, empty text, empty list and empty object are one
and the same, left out, save where the difference means something: ``guide.materials`` and ``guide.district_points`` may say that there are none,
and where a model's default says something (a unit, the formats of a file) an empty value is kept.
"""

import copy
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from matters.guide import GUIDE_FIELDS, GuideContent
from matters.record import BESIDE_THE_GUIDE

SAYS_NONE = {"guide.materials", "guide.district_points"}
EMPTY: tuple[Any, ...] = (None, "", [], {})
Where = tuple[str | int, ...]


def normal(content: Mapping[str, Any], parsed: GuideContent | None = None) -> dict[str, Any]:
    """The content in its normal form; ``parsed`` saves parsing it again. Values of a wrong type (a draft may hold them) stay as they are
    where one value is expected, and are left out where a list or an object is."""
    wrong: dict[Where, Any] = {}
    parsed = parsed or parse(content) or _parse(copy.deepcopy(dict(content)), wrong)
    plain = parsed.model_dump(mode="json", exclude_unset=True)
    for where, value in wrong.items():
        if not isinstance(value, dict | list):
            _put(plain, where, value)
    return _tidied(plain, GuideContent, "")


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The guide fields, and ``header``, ``form`` and ``scenario``, that differ between two contents in normal form."""
    old, new = before.get("guide", {}), after.get("guide", {})
    fields = [name for name in GUIDE_FIELDS if old.get(name) != new.get(name)]
    return fields + [name for name in BESIDE_THE_GUIDE if before.get(name) != after.get(name)]


def parse(content: Mapping[str, Any]) -> GuideContent | None:
    """The content as types; None when a value is of a wrong type."""
    try:
        return GuideContent.model_validate(content)
    except ValidationError:
        return None


def readable(content: Mapping[str, Any]) -> GuideContent:
    """The content without the values of a wrong type, so that everything else can be judged."""
    return _parse(copy.deepcopy(dict(content)), {})


def _parse(data: dict[str, Any], wrong: dict[Where, Any]) -> GuideContent:
    """Parse what can be; what cannot is taken out of ``data`` into ``wrong``."""
    while True:
        try:
            return GuideContent.model_validate(data)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                where = _key_at(data, detail["loc"])
                wrong[where] = _parent(data, where).pop(where[-1], None)


def _key_at(data: dict[str, Any], where: Where) -> Where:
    """The key that holds what is wrong: an item of a list is judged with its list, and a shorthand with its field."""
    while not (isinstance(where[-1], str) and isinstance(_parent(data, where), dict)):
        where = where[:-1]
    return where


def _parent(data: Any, where: Where) -> Any:
    for part in where[:-1]:
        if not isinstance(data, dict | list):
            return None
        data = data[int(part)] if isinstance(data, list) else data.get(part)
    return data


def _put(data: Any, where: Where, value: Any) -> None:
    for part in where[:-1]:
        data = data.setdefault(part, {}) if isinstance(data, dict) else data[int(part)]
    data[where[-1]] = value


def _tidied(data: dict[str, Any], model: type[BaseModel], path: str) -> dict[str, Any]:
    """Without what says nothing."""
    kept: dict[str, Any] = {}
    inner_models, saying = shape(model)
    for name, value in data.items():
        below = f"{path}.{name}" if path else name
        inner = inner_models[name]
        if inner and isinstance(value, dict):
            value = _tidied(value, inner, below)
        elif inner and isinstance(value, list):
            value = [_tidied(item, inner, below) for item in value]
        elif inner:
            continue
        elif isinstance(value, list):
            value = [item for item in value if item != ""]
        if value not in EMPTY or below in SAYS_NONE or (name in saying and not inner):
            kept[name] = value
    return kept


@cache
def shape(model: type[BaseModel]) -> tuple[dict[str, type[BaseModel] | None], set[str]]:
    """The model inside each field of a model, and the names of the fields whose default says something."""
    defaults = {name: field.get_default(call_default_factory=True) for name, field in model.model_fields.items()}
    inner = {name: model_in(field.annotation) for name, field in model.model_fields.items()}
    return inner, {name for name, default in defaults.items() if default not in EMPTY}


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as ``list[Material]`` or ``ShownWhen | None``; None for plain values."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [model_in(part) for part in getattr(annotation, "__args__", ())]
    return next((model for model in found if model), None)
