"""Where a problem belongs on the page, and what each field's state is in words."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from matters.checks.problem import Problem
from matters.editing.reading import sent
from matters.editing.shapes import Shape, whole
from matters.editing.values import ABSENT
from matters.guide import GUIDE_FIELDS

# Keys that one choice of the page writes together (matters.editing.shapes.JOINED).
JOINED_KEY = re.compile(r"(\.fills\.\d+|\.shown_when)\.(?:section|field|equals)$")
OPTIONAL = ("form", "scenario")


@dataclass(frozen=True)
class State:
    """One field in the list beside the page: ``kind`` is empty, problems or done."""

    name: str
    label: str
    number: int
    kind: str
    words: str


def name_of(problem: Problem) -> str:
    """The dotted name of the input that a problem is about: ``guide.materials.3.name``; empty for the whole guide."""
    first = problem.path.split(".")[0]
    name = f"guide.{problem.path}" if first in GUIDE_FIELDS else problem.path
    return JOINED_KEY.sub(r"\1.target", name)


def place(problems: Iterable[Problem], names: Collection[str]) -> dict[str, list[str]]:
    """Messages by the name of the nearest input, group or row that is on the page."""
    found: dict[str, list[str]] = defaultdict(list)
    for problem in problems:
        found[_nearest(name_of(problem), names)].append(problem.message)
    return dict(found)


def _nearest(name: str, names: Collection[str]) -> str:
    while name and name not in names:
        name = name.rpartition(".")[0]
    return name


def top_fields() -> list[tuple[str, Shape]]:
    """The twenty fields and the three parts beside them, by dotted name."""
    root = whole()
    fields = [(f"guide.{part.name}", part) for part in root.part("guide").parts]
    return [("header", root.part("header")), *fields, *((name, root.part(name)) for name in ("form", "scenario"))]


def value_at(content: Mapping[str, Any], name: str) -> Any:
    """The value of a top field; ABSENT when it is not there."""
    part: Any = content
    for key in name.split("."):
        part = part.get(key, ABSENT) if isinstance(part, Mapping) else ABSENT
    return part


def states(content: Mapping[str, Any], problems: Iterable[Problem]) -> list[State]:
    """Every field with its state, in the order in which they are published."""
    counts: dict[str, int] = defaultdict(int)
    for problem in problems:
        counts[_top(name_of(problem))] += 1
    numbers = {f"guide.{name}": number for number, name in enumerate(GUIDE_FIELDS, 1)}
    return [
        _state(name, shape, value_at(content, name), counts[name], numbers.get(name, 0)) for name, shape in top_fields()
    ]


def _top(name: str) -> str:
    parts = name.split(".")
    return ".".join(parts[:2]) if parts[0] == "guide" else parts[0]


def _state(name: str, shape: Shape, value: Any, count: int, number: int) -> State:
    label = GUIDE_FIELDS.get(name.removeprefix("guide."), shape.word.label)
    if is_empty(shape, name, value):
        return State(name, label, number, "empty", "空（选填）" if name in OPTIONAL else "空")
    if count:
        return State(name, label, number, "problems", f"有 {count} 个问题")
    return State(name, label, number, "done", "已填好")


def is_empty(shape: Shape, name: str, value: Any) -> bool:
    """Whether nothing was said: the inputs show what they show when nothing is there."""
    return sent(shape, name, value) == sent(shape, name, ABSENT)
