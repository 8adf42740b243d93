"""What differs between two contents of a guide, leaf by leaf. Pure: JSON values in, a list of changes out.

Lists of rows (materials, steps, form fields …) are matched row by row – the same row, the same key, the same name, much the
same text – so that a row that moved is one that moved, not a row removed and another added. Lists of plain values are one leaf.
"""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Kind = Literal["changed", "added", "removed", "moved"]
Path = tuple[str | int, ...]
Row = Mapping[str, Any]
Pairs = dict[int, int]

NAMES = ("name", "title", "article", "question", "text", "region", "label", "org")
FIRST_NAMES = ("name", "title", "question", "label")
ALIKE = 0.5
# Beyond this many pairs to compare by their text, rows without a common name count as removed and added.
MOST_COMPARED = 900
COMPARED_TEXT = 400


@dataclass(frozen=True)
class Change:
    """One difference. A row stands in ``path`` by its place in the older list; an added one by its place in the newer.

    ``before`` and ``after`` are the leaf's values or the whole row; for a moved row its places in the two lists (from 0).
    """

    kind: Kind
    path: Path
    before: Any = None
    after: Any = None


def diff(before: Any, after: Any, path: Path = ()) -> list[Change]:
    """Every difference once, in the order of the older content; a key that is missing is as one that is null."""
    if before == after:
        return []
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = dict.fromkeys([*before, *after])
        return [one for key in keys for one in diff(before.get(key), after.get(key), (*path, key))]
    if _is_rows(before) and _is_rows(after) and (before or after):
        return list(_diff_rows(before, after, path))
    return [Change("changed", path, before, after)]


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, Mapping) for one in value)


def _diff_rows(before: list[Row], after: list[Row], path: Path) -> Iterator[Change]:
    pairs = match_rows(before, after)
    stays = _longest_rising(pairs)
    for old, row in enumerate(before):
        if old not in pairs:
            yield Change("removed", (*path, old), before=row)
            continue
        if old not in stays:
            yield Change("moved", (*path, old), before=old, after=pairs[old])
        yield from diff(row, after[pairs[old]], (*path, old))
    matched = set(pairs.values())
    yield from (Change("added", (*path, new), after=row) for new, row in enumerate(after) if new not in matched)


def match_rows(before: list[Row], after: list[Row]) -> Pairs:
    """Which row of the older list is which of the newer, by their places."""
    pairs: Pairs = {}
    for same in (_whole, _key, _names, _first_name):
        _match(before, after, pairs, same)
    _match_alike(before, after, pairs)
    return pairs


def _whole(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True)


def _key(row: Row) -> str:
    return str(row.get("key") or row.get("value") or row.get("material_key") or "")


def _names(row: Row) -> str:
    return "\n".join(str(row[name]) for name in NAMES if row.get(name))


def _first_name(row: Row) -> str:
    return next((str(row[name]) for name in FIRST_NAMES if row.get(name)), "")


def _match(before: list[Row], after: list[Row], pairs: Pairs, same: Callable[[Row], str]) -> None:
    """Pair rows not paired yet that have the same word; of several the first with the first."""
    taken = set(pairs.values())
    waiting: dict[str, list[int]] = {}
    for new in reversed(range(len(after))):
        if new not in taken and (word := same(after[new])):
            waiting.setdefault(word, []).append(new)
    for old, row in enumerate(before):
        if old not in pairs and (places := waiting.get(same(row))):
            pairs[old] = places.pop()


def _match_alike(before: list[Row], after: list[Row], pairs: Pairs) -> None:
    """Pair what is left by its text, each with the most alike that is still free."""
    taken = set(pairs.values())
    olds = [old for old in range(len(before)) if old not in pairs]
    news = [new for new in range(len(after)) if new not in taken]
    if len(olds) * len(news) > MOST_COMPARED:
        return
    scores = [(_likeness(_text(before[old]), _text(after[new])), old, new) for old in olds for new in news]
    for score, old, new in sorted(scores, key=lambda one: (-one[0], one[1], one[2])):
        if score >= ALIKE and old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)


def _text(row: Row) -> str:
    return " ".join(value for value in row.values() if isinstance(value, str) and value)[:COMPARED_TEXT]


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= ALIKE else 0.0


def _longest_rising(pairs: Pairs) -> set[int]:
    """The rows that keep their order: the longest run of pairs in which both places rise. The others moved."""
    ends: list[int] = []
    tails: list[int] = []
    before_it: dict[int, int | None] = {}
    for old in sorted(pairs):
        place = bisect_left(ends, pairs[old])
        before_it[old] = tails[place - 1] if place else None
        ends[place : place + 1], tails[place : place + 1] = [pairs[old]], [old]
    stays: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        stays.add(last)
        last = before_it[last]
    return stays
