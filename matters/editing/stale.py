"""Two people on one draft: what each of them changed, told apart by the marks that the page carried, and joined again."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matters.editing.problems import top_fields, value_at
from matters.editing.reading import as_object, joined, says_none, sent
from matters.editing.shapes import Kind, Shape
from matters.editing.values import ABSENT, shown

MARK_LENGTH = 12
Lines = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """One input that differs: where it is, and what stands there on each side."""

    where: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Difference:
    """One field that two people have differently. ``changed_by`` is mine, theirs or both."""

    name: str
    label: str
    changed_by: str
    lines: list[Line]


def marks(content: Mapping[str, Any]) -> dict[str, str]:
    """A short mark of every top field's content, so that a page can tell later which fields have changed."""
    return {name: _mark(shape, name, value_at(content, name)) for name, shape in top_fields()}


def _mark(shape: Shape, name: str, value: Any) -> str:
    pairs = json.dumps(sorted(sent(shape, name, value)), ensure_ascii=False)
    return hashlib.sha256(pairs.encode()).hexdigest()[:MARK_LENGTH]


def packed(content: Mapping[str, Any]) -> str:
    """The marks in one hidden input, in the order of the fields."""
    return " ".join(marks(content).values())


def unpacked(text: str) -> dict[str, str]:
    """Marks by field; none when the page sent something else."""
    names, found = [name for name, _shape in top_fields()], text.split()
    return dict(zip(names, found, strict=True)) if len(found) == len(names) else {}


def unchanged_by_them(theirs: Mapping[str, Any], shown_marks: Mapping[str, str]) -> dict[str, Any]:
    """Their content with only those fields that are still as my page was made from: the base to read my page with.

    What stands beside the known fields is kept; of a field that they changed nothing is, for its rows may have moved.
    """
    base = dict(theirs)
    now = marks(theirs)
    for name in now:
        if shown_marks.get(name) != now[name]:
            base = with_value(base, name, ABSENT)
    return base


def with_value(content: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """A copy of the content with another value of one top field; ABSENT takes it away."""
    key, _dot, rest = name.partition(".")
    changed = dict(content)
    if rest:
        part = changed.get(key)
        value = with_value(part if isinstance(part, Mapping) else {}, rest, value)
    if value is ABSENT:
        changed.pop(key, None)
    else:
        changed[key] = value
    return changed


def differences(mine: Mapping[str, Any], theirs: Mapping[str, Any], shown_marks: Mapping[str, str]) -> list[Difference]:
    """The fields that two versions have differently, in the order of the page."""
    my_marks, their_marks = marks(mine), marks(theirs)
    found = []
    for name, shape in top_fields():
        if my_marks[name] != their_marks[name]:
            by_me, by_them = (side[name] != shown_marks.get(name) for side in (my_marks, their_marks))
            changed_by = "both" if by_me == by_them else "mine" if by_me else "theirs"
            lines = _lines_that_differ(shape, value_at(mine, name), value_at(theirs, name))
            found.append(Difference(name, shape.word.label, changed_by, lines))
    return found


def resolve(mine: Mapping[str, Any], theirs: Mapping[str, Any], mine_kept: Iterable[str]) -> dict[str, Any]:
    """Their content with the fields that are kept of mine."""
    result = dict(theirs)
    for name in mine_kept:
        result = with_value(result, name, value_at(mine, name))
    return result


def _lines_that_differ(shape: Shape, mine: Any, theirs: Any) -> list[Line]:
    left, right = lines_of(shape, mine), lines_of(shape, theirs)
    return [
        Line((left.get(path) or right[path])[0], left.get(path, ("", ""))[1], right.get(path, ("", ""))[1])
        for path in dict.fromkeys([*left, *right])
        if left.get(path, ("", ""))[1] != right.get(path, ("", ""))[1]
    ]


def lines_of(shape: Shape, value: Any, path: str = "", where: str = "") -> Lines:
    """Everything that is said in a field, one input a line: place in the content -> (place in words, value in words)."""
    if shape.kind == Kind.GROUP:
        return _lines_of_group(shape, value, path, where)
    if shape.kind == Kind.ROWS:
        return _lines_of_rows(shape, value, path, where)
    return {path: (where, in_words(shape, shown(shape, value)))}


def _lines_of_rows(shape: Shape, value: Any, path: str, where: str) -> Lines:
    found: Lines = {f"{path}.none": (where, shape.word.none)} if says_none(shape, value) else {}
    for place, item in enumerate(value if isinstance(value, list) else []):
        row = f"{where} · 第 {place + 1} {shape.word.row}".removeprefix(" · ")
        found |= _lines_of_group(shape, item, f"{path}.{place}", row)
    return found


def _lines_of_group(shape: Shape, value: Any, path: str, where: str) -> Lines:
    group, found = as_object(shape, value), {}
    for part in shape.parts:
        label = f"{where} · {part.word.label}".removeprefix(" · ")
        if part.kind == Kind.JOINED:
            found[f"{path}.{part.name}"] = (label, joined(part, group))
        else:
            found |= lines_of(part, group.get(part.name, ABSENT), f"{path}.{part.name}", label)
    return found


def in_words(shape: Shape, values: list[str]) -> str:
    """What an input shows, as people read it."""
    if shape.kind == Kind.FLAG:
        return "是" if values else "否"
    table = shape.options or shape.word.options
    return "、".join(str(table.get(value, value)) for value in values) if values else ""


def typed_back(text: str) -> dict[str, Any] | None:
    """The content that the comparison page carried along; None when it is not one."""
    try:
        content = json.loads(text)
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
