"""What input each part of a guide needs, read from the models themselves: the editor has no list of fields of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from matters.editing.word import Word
from matters.editing.words import word_of
from matters.fieldtypes import Lenient, OneOf
from matters.guide import GuideContent


class Kind(StrEnum):
    """How a part is asked for."""

    TEXT = "text"  # one line, or several
    NUMBER = "number"
    FLAG = "flag"  # a box to tick
    ASKED = "asked"  # yes, no, or not said yet
    CHOICE = "choice"  # one of a table
    CHOICES = "choices"  # several of a table
    LINES = "lines"  # a list of texts, one a line
    JOINED = "joined"  # one choice that writes several keys of its group
    GROUP = "group"
    ROWS = "rows"


# Keys that mean something only together: a question of the form, and the answer to it.
JOINED = {"ShownWhen": ("section", "field", "equals"), "Fill": ("section", "field")}
# What may stand for the whole group in a guide file: ``20`` for a limit, a text for a condition.
SHORTHANDS = {"Limit": "value", "Condition": "text"}


@dataclass(frozen=True)
class Shape:
    """One input, or a group or list of them."""

    kind: Kind
    name: str
    word: Word
    default: Any = None
    options: Mapping[str, str] = field(default_factory=dict)
    parts: tuple["Shape", ...] = ()
    is_optional: bool = False
    is_integer_list: bool = False
    keys: tuple[str, ...] = ()
    shorthand: str = ""
    list_name: str = ""

    def part(self, name: str) -> "Shape":
        """The part of a group or row with this name; KeyError when there is none."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(name)


@cache
def whole() -> Shape:
    """The shape of a whole guide version: header, guide, form, scenario."""
    return _group(GuideContent, "", Word(""), "")


def _group(model: type[Lenient], name: str, word: Word, path: str, **more: Any) -> Shape:
    joined = JOINED.get(model.__name__, ())
    parts = [_joined(model, joined)] if joined else []
    for key, info in model.model_fields.items():
        if key not in joined:
            parts.append(_part(model, key, info, f"{path}.{key}" if path else key))
    shorthand = SHORTHANDS.get(model.__name__, "")
    return Shape(Kind.GROUP, name, word, parts=tuple(parts), shorthand=shorthand, **more)


def _joined(model: type[Lenient], keys: tuple[str, ...]) -> Shape:
    return Shape(Kind.JOINED, "target", word_of(model.__name__, "target"), keys=keys)


def _part(model: type[Lenient], key: str, info: FieldInfo, path: str) -> Shape:
    word = word_of(model.__name__, key)
    default = info.get_default(call_default_factory=True)
    plain, metadata, is_optional = _unwrapped(info.annotation, list(info.metadata))
    if get_origin(plain) is list:
        return _list(key, word, get_args(plain)[0], default, path)
    if isinstance(plain, type) and issubclass(plain, Lenient):
        return _group(plain, key, word, path, is_optional=is_optional)
    if plain is bool:
        return Shape(Kind.ASKED if word.is_asked else Kind.FLAG, key, word, default)
    if plain is int:
        return Shape(Kind.NUMBER, key, word, default)
    options = _options(word, metadata)
    return Shape(Kind.CHOICE if options or word.is_closed else Kind.TEXT, key, word, default, options)


def _list(key: str, word: Word, item: Any, default: Any, path: str) -> Shape:
    plain, metadata, _is_optional = _unwrapped(item, [])
    if isinstance(plain, type) and issubclass(plain, Lenient):
        row = _group(plain, key, word, path)
        return Shape(
            Kind.ROWS, key, word, default, parts=row.parts, shorthand=row.shorthand, list_name=path.replace(".", "-")
        )
    options = _options(word, metadata)
    if options or word.is_closed:
        return Shape(Kind.CHOICES, key, word, default, options, is_integer_list=plain is int)
    return Shape(Kind.LINES, key, word, default)


def _unwrapped(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any], bool]:
    """The plain type, what ``Annotated`` says of it, and whether None is allowed."""
    if get_origin(annotation) is Annotated:
        plain, *more = get_args(annotation)
        return _unwrapped(plain, [*metadata, *more])
    if get_origin(annotation) in (Union, UnionType):
        plain = next(part for part in get_args(annotation) if part is not NoneType)
        return *_unwrapped(plain, metadata)[:2], True
    return annotation, metadata, False


def _options(word: Word, metadata: list[Any]) -> Mapping[str, str]:
    """The table of an input: the labels written for it, otherwise those of its code table."""
    table = next((dict(part.labels) for part in metadata if isinstance(part, OneOf)), {})
    return {value: word.options.get(value, label) for value, label in table.items()} or word.options
