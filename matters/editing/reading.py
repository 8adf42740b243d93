"""What the page sent, read back to the content: by the same walk that wrote the page, losing nothing.

An input that still says what it showed leaves the value as it was, of whatever type; only what was changed is written
anew. So unknown keys, shorthands and wrong types that a guide came with survive.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from matters.editing.shapes import Kind, Shape, whole
from matters.editing.values import ABSENT, is_untouched, parsed, shown, text_of

Posted = Mapping[str, Sequence[str]]
MOST_ROWS = 300
# A row says who it is and, after a colon, its place in the content that the page was made from (none when it is new).
ROW = re.compile(r"(\w{1,12}):(\d{0,4})", re.ASCII)


def read(posted: Posted, base: Mapping[str, Any]) -> dict[str, Any]:
    """The content that the page says, from the one that it was made from. ValueError when a list is out of bounds."""
    content = _group(whole(), "", posted, dict(base))
    return dict(content)


def _read(shape: Shape, name: str, posted: Posted, base: Any) -> Any:
    if shape.word.is_fixed:
        return base
    if shape.kind == Kind.GROUP:
        return _group(shape, name, posted, base)
    if shape.kind == Kind.ROWS:
        return _rows(shape, name, posted, base)
    return _input(shape, name, posted, base)


def _input(shape: Shape, name: str, posted: Posted, base: Any) -> Any:
    given = [text_of(text) for text in posted.get(name, ())]
    if shape.kind == Kind.CHOICES:
        given += [line.strip() for text in posted.get(f"{name}.more", ()) for line in text.splitlines() if line.strip()]
    elif not given and shape.kind != Kind.FLAG:
        return base
    return base if is_untouched(shape, base, given) else parsed(shape, base, given)


def _group(shape: Shape, name: str, posted: Posted, base: Any) -> Any:
    before = as_object(shape, base)
    after = dict(before)
    for part in shape.parts:
        where = f"{name}.{part.name}" if name else part.name
        if part.kind == Kind.JOINED:
            _join(part, where, posted, after)
        else:
            _put(
                after,
                part.name,
                before.get(part.name, ABSENT),
                _read(part, where, posted, before.get(part.name, ABSENT)),
            )
    if _is_same(after, before):
        return base
    return ABSENT if shape.is_optional and not after else after


def _put(target: dict[str, Any], key: str, before: Any, after: Any) -> None:
    if after is before:
        return
    if after is ABSENT:
        target.pop(key, None)
    else:
        target[key] = after


def _is_same(after: dict[str, Any], before: dict[str, Any]) -> bool:
    return after.keys() == before.keys() and all(after[key] is before[key] for key in after)


def _join(shape: Shape, name: str, posted: Posted, target: dict[str, Any]) -> None:
    before = joined(shape, target)
    given = next(iter(posted.get(name, ())), before)
    if given == before:
        return
    for key in shape.keys:
        target.pop(key, None)
    if given:
        target.update(zip(shape.keys, given.split(".", len(shape.keys) - 1), strict=False))


def joined(shape: Shape, group: Mapping[str, Any]) -> str:
    """What a joined choice shows: the values of its keys with points between, empty when none is said."""
    values = [text_of(group.get(key)) for key in shape.keys]
    return ".".join(values) if any(values) else ""


def as_object(shape: Shape, value: Any) -> dict[str, Any]:
    """A group as its keys; a shorthand is written out, what is no group at all has no keys."""
    if isinstance(value, dict):
        return value
    if shape.shorthand and value is not ABSENT and value is not None:
        return {shape.shorthand: value}
    return {}


def says_none(shape: Shape, value: Any) -> bool:
    """Whether a list is said to be empty, as against not written yet."""
    return bool(shape.word.none) and value in ([], "无")


def _rows(shape: Shape, name: str, posted: Posted, base: Any) -> Any:
    there = base if isinstance(base, list) else []
    rows = [_row(shape, name, marker, posted, there) for marker in posted.get(name, ())]
    if len(rows) > MOST_ROWS:
        raise ValueError(f"“{shape.word.label}”最多 {MOST_ROWS} 项，现在有 {len(rows)} 项。")
    if len(rows) == len(there) and all(a is b for a, b in zip(rows, there, strict=True)):
        return _unless_none_is_said(shape, name, posted, base, rows)
    return rows if rows or not shape.word.none else _none(name, posted)


def _unless_none_is_said(shape: Shape, name: str, posted: Posted, base: Any, rows: list[Any]) -> Any:
    if rows or not shape.word.none or bool(posted.get(f"{name}.none")) == says_none(shape, base):
        return base
    return _none(name, posted)


def _none(name: str, posted: Posted) -> Any:
    return [] if posted.get(f"{name}.none") else ABSENT


def _row(shape: Shape, name: str, marker: str, posted: Posted, there: list[Any]) -> Any:
    match = ROW.fullmatch(marker)
    if match is None:
        raise ValueError("页面不完整，请刷新后重新填写。")
    token, place = match.groups()
    base = there[int(place)] if place and int(place) < len(there) else {}
    return _group(shape, f"{name}.{token}", posted, base)


def sent(shape: Shape, name: str, value: Any) -> list[tuple[str, str]]:
    """What the page sends for a value when nobody touches it, input by input."""
    if shape.word.is_fixed:
        return []
    if shape.kind == Kind.GROUP:
        return _sent_group(shape, name, value)
    if shape.kind == Kind.ROWS:
        items = value if isinstance(value, list) else []
        found = [(f"{name}.none", "yes")] if says_none(shape, value) else []
        for place, item in enumerate(items):
            found += [(name, f"{place}:{place}"), *_sent_group(shape, f"{name}.{place}", item)]
        return found
    return [(name, text) for text in shown(shape, value)]


def _sent_group(shape: Shape, name: str, value: Any) -> list[tuple[str, str]]:
    group = as_object(shape, value)
    found = []
    for part in shape.parts:
        where = f"{name}.{part.name}" if name else part.name
        if part.kind == Kind.JOINED:
            found.append((where, joined(part, group)))
        else:
            found += sent(part, where, group.get(part.name, ABSENT))
    return found
