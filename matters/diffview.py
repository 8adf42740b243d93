"""The differences between two versions arranged for reading: by field, each with where it is and what it was and is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from matters import fieldwords
from matters.checks import types
from matters.checks.problem import LABELS
from matters.diffing import Change, Path, diff
from matters.guide import GUIDE_FIELDS
from matters.record import BESIDE_THE_GUIDE
from matters.textmarks import Mark, marks

KIND_WORDS = {"changed": "修改", "added": "新增", "removed": "删除", "moved": "移动"}
KINDS_OF_ONE = {"ins": "added", "del": "removed"}  # a leaf that was empty, or is now
TONES = {"changed": "blue", "added": "green", "removed": "red", "moved": "amber"}


@dataclass(frozen=True)
class Entry:
    """One difference, ready to show: marked text, or the parts of a row that came or went."""

    kind: str
    where: str
    marks: list[Mark] = field(default_factory=list)
    parts: list[tuple[str, str]] = field(default_factory=list)
    text: str = ""

    @property
    def word(self) -> str:
        """The kind in Chinese."""
        return KIND_WORDS[self.kind]

    @property
    def tone(self) -> str:
        """The colour of its tag."""
        return TONES[self.kind]


@dataclass(frozen=True)
class FieldDiff:
    """All differences of one of the twenty fields, the header, the form or the scenario."""

    name: str
    label: str
    entries: list[Entry]


@dataclass(frozen=True)
class Comparison:
    """What two contents differ in; ``unread`` are the labels of fields that could not be compared for their wrong type."""

    fields: list[FieldDiff]
    unread: list[str]

    @property
    def count(self) -> int:
        """How many differences in all."""
        return sum(len(one.entries) for one in self.fields)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Two contents ``{"header", "guide", "form", "scenario"}`` compared field by field, in the order of publication."""
    old, _problems, unread_old = types.read(before)
    new, _problems, unread_new = types.read(after)
    olds, news = old.model_dump(mode="json"), new.model_dump(mode="json")
    found: list[FieldDiff] = []
    for name in (*GUIDE_FIELDS, *BESIDE_THE_GUIDE):
        was, is_now = (olds, news) if name in BESIDE_THE_GUIDE else (olds["guide"], news["guide"])
        entries = [_entry(change, was[name]) for change in diff(was[name], is_now[name], (name,))]
        if entries:
            found.append(FieldDiff(name, LABELS[name], entries))
    unread = [LABELS.get(name, name) for name in sorted(unread_old | unread_new) if name in LABELS]
    return Comparison(found, unread)


def _entry(change: Change, was: Any) -> Entry:
    where = _where(change, was)
    if change.kind == "moved":
        return Entry("moved", where, text=f"从第 {change.before + 1} 位移到第 {change.after + 1} 位")
    if change.kind in ("added", "removed"):
        row = change.after if change.kind == "added" else change.before
        return Entry(change.kind, where, parts=_parts(change.path, row))
    old, new = (fieldwords.value_words(change.path, value) for value in (change.before, change.after))
    is_prose = fieldwords.is_prose(change.path, change.before) and fieldwords.is_prose(change.path, change.after)
    if is_prose:
        return Entry("changed", where, marks=marks(old, new))
    pieces = [Mark("del", old), Mark("ins", new)]
    said = [piece for piece in pieces if piece.text != fieldwords.NOTHING]
    kind = "changed" if len(said) == 2 else KINDS_OF_ONE[said[0].kind]
    return Entry(kind, where, marks=said)


def _where(change: Change, was: Any) -> str:
    """第 2 份材料“身份证” › 复印件份数; empty for the field itself."""
    words: list[str] = []
    value, path = was, change.path
    for depth in range(1, len(path)):
        part = path[depth]
        if isinstance(part, int):
            is_new = change.kind == "added" and depth == len(path) - 1
            value = change.after if is_new else value[part]
            words.append(fieldwords.row_name(path[: depth + 1], value))
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
            if not isinstance(value, list) or depth == len(path) - 1:
                words.append(fieldwords.name_of(path[: depth + 1]))
    return " › ".join(words)


def _parts(path: Path, row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a whole row says, leaf by leaf, without what it leaves open."""
    parts: list[tuple[str, str]] = []
    for key, value in row.items():
        here = (*path, key)
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            names = [fieldwords.row_name((*here, place), one) for place, one in enumerate(value)]
            parts.append((fieldwords.name_of(here), "；".join(names)))
        elif value not in (None, "", [], {}, False, 0):
            parts.append((fieldwords.name_of(here), fieldwords.value_words(here, value)))
    return parts
