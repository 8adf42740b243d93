"""The page as a tree of inputs, groups and lists of blocks, each with its words, its values and its problems."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from matters.editing.offers import Offers
from matters.editing.reading import as_object, joined, says_none
from matters.editing.shapes import Kind, Shape
from matters.editing.values import ABSENT, shown
from matters.editing.word import Word

NOT_SAID = "请选择"
LONG_TEXT = 60
TITLE = 36
# Stands in templates of new rows for the row's own name.
NEW_ROW = "__row__"


@dataclass(frozen=True)
class Option:
    """One choice of an input."""

    value: str
    label: str
    is_on: bool


@dataclass
class Node:
    """An input, a group or a list; ``name`` is where its value stands in the content."""

    shape: Shape
    name: str
    values: list[str] = field(default_factory=list)
    options: list[Option] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    children: list["Node"] = field(default_factory=list)
    rows: list["Row"] = field(default_factory=list)
    is_none: bool = False

    @property
    def kind(self) -> str:
        """What template draws it."""
        return self.shape.kind.value

    @property
    def word(self) -> Word:
        """Label, help and example."""
        return self.shape.word

    @property
    def value(self) -> str:
        """What a single input shows."""
        return self.values[0] if self.values else ""

    @property
    def is_long(self) -> bool:
        """Whether the text needs several lines; one input line would swallow its line breaks."""
        return self.word.is_long or self.kind == Kind.LINES or "\n" in self.value or len(self.value) > LONG_TEXT

    @property
    def placeholder(self) -> str:
        """The number that holds when none is typed."""
        return str(self.shape.default) if self.kind == Kind.NUMBER and self.shape.default else ""

    @property
    def plain(self) -> list["Node"]:
        """The children that everybody needs."""
        return [child for child in self.children if not child.word.is_rare]

    @property
    def rare(self) -> list["Node"]:
        """The children that are seldom needed, shown on demand."""
        return [child for child in self.children if child.word.is_rare]

    def walk(self) -> Iterator["Node"]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()
        for row in self.rows:
            yield from row.group.walk()


@dataclass
class Row:
    """One block of a list; ``marker`` tells the reader which row it was."""

    group: Node
    marker: str
    number: int
    title: str

    @property
    def problem_count(self) -> int:
        """How many problems are in this block."""
        return sum(len(node.problems) for node in self.group.walk())


def build(shape: Shape, name: str, value: Any, offers: Offers) -> Node:
    """The tree of one field with its value; ABSENT for an empty one."""
    node = Node(shape, name)
    if shape.kind == Kind.GROUP:
        node.children = _children(shape, name, as_object(shape, value), offers)
    elif shape.kind == Kind.ROWS:
        items = value if isinstance(value, list) else []
        node.rows = [_row(shape, f"{name}.{place}", item, offers, place) for place, item in enumerate(items)]
        node.is_none = says_none(shape, value)
    else:
        _fill(node, shown(shape, value), offers)
    return node


def _children(shape: Shape, name: str, group: Mapping[str, Any], offers: Offers) -> list[Node]:
    children = []
    for part in shape.parts:
        where = f"{name}.{part.name}" if name else part.name
        if part.kind == Kind.JOINED:
            child = Node(part, where)
            _fill(child, [joined(part, group)], offers)
        else:
            child = build(part, where, group.get(part.name, ABSENT), offers)
        children.append(child)
    return children


def _row(shape: Shape, name: str, item: Any, offers: Offers, place: int) -> Row:
    group = as_object(shape, item)
    node = Node(shape, name, children=_children(shape, name, group, offers))
    title = group.get(shape.word.title)
    return Row(node, f"{place}:{place}", place + 1, title[:TITLE] if isinstance(title, str) else "")


def _fill(node: Node, values: list[str], offers: Offers) -> None:
    node.values = values
    shape = node.shape
    if shape.kind in (Kind.CHOICE, Kind.JOINED, Kind.CHOICES):
        table = {**dict(offers.get(shape.word.offer, ())), **{key: str(label) for key, label in shape.options.items()}}
        node.options = _options(shape, values, table)
    elif shape.kind == Kind.ASKED:
        node.options = [Option(value, label, value in values) for value, label in shape.word.options.items()]


def _options(shape: Shape, values: list[str], table: Mapping[str, str]) -> list[Option]:
    """The table; before it the empty choice where nothing may be said, after it what is there but not in the table."""
    options = [Option(value, label, value in values) for value, label in table.items()]
    if shape.kind != Kind.CHOICES and "" not in table and (not shape.default or "" in values):
        options.insert(0, Option("", NOT_SAID, "" in values))
    stray = [value for value in values if value and value not in table]
    words = "{}" if shape.word.more else "{}（不在可选范围内）"
    return options + [Option(value, words.format(value), True) for value in stray]


def list_templates(shape: Shape, offers: Offers) -> list[Row]:
    """An empty block for every list below a shape, to be copied by the page when a row is added."""
    found = []
    if shape.kind == Kind.ROWS:
        row = _row(shape, NEW_ROW, {}, offers, 0)
        found.append(Row(row.group, "", 0, ""))
    for part in shape.parts:
        found += list_templates(part, offers)
    return found
