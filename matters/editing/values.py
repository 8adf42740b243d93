"""One input: what it shows of a value, and the value that what was typed stands for. Both directions, side by side."""

import json
from collections.abc import Sequence
from typing import Any, Final

from matters.editing.shapes import Kind, Shape


class Absent:
    """Nothing was said: the key is not there."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()
LONGEST_NUMBER = 15
YES = (True, "true", "yes", "1", "on", "t", "y")


def shown(shape: Shape, value: Any) -> list[str]:
    """What the input of this value sends back when nobody touches it; the shown default where nothing was said."""
    if value is ABSENT or value is None:
        value = _default(shape)
    if shape.kind == Kind.FLAG:
        return ["yes"] if _is_yes(value) else []
    if shape.kind == Kind.ASKED:
        return [""] if value == "" else ["yes" if _is_yes(value) else "no"]
    if shape.kind == Kind.CHOICES:
        return list(dict.fromkeys(text_of(item) for item in value)) if isinstance(value, list) else []
    if shape.kind == Kind.LINES:
        return ["\n".join(text_of(item) for item in value) if isinstance(value, list) else text_of(value)]
    return [text_of(value)]


def _default(shape: Shape) -> Any:
    """Choices show the default that holds; numbers and yes-or-no questions stay empty until somebody says it."""
    return shape.default if shape.kind in (Kind.FLAG, Kind.CHOICE, Kind.CHOICES) else ""


def _is_yes(value: Any) -> bool:
    return value == 1 if isinstance(value, int | float) else str(value).strip().lower() in YES


def text_of(value: Any) -> str:
    """A JSON value as it is typed: yes and no, lists with commas as examples of answers have them, the rest as JSON."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return ",".join(text_of(item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def is_untouched(shape: Shape, value: Any, given: Sequence[str]) -> bool:
    """Whether an input still says what it showed; the order of ticked boxes says nothing."""
    before = shown(shape, value)
    return set(before) == set(given) if shape.kind == Kind.CHOICES else before == list(given)


def parsed(shape: Shape, value: Any, given: Sequence[str]) -> Any:
    """The value for what was typed in place of ``value``. What does not fit the type is kept as it was typed."""
    if shape.kind == Kind.FLAG:
        return bool(given)
    if shape.kind == Kind.CHOICES:
        return _chosen(shape, value, given)
    text = given[0] if given else ""
    if shape.kind == Kind.LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if not text:
        return ABSENT
    if shape.kind == Kind.ASKED:
        return {"yes": True, "no": False}.get(text, text)
    return _number(text) if shape.kind == Kind.NUMBER else text


def _number(text: str) -> int | str:
    digits = text.strip()
    return int(digits) if digits.isdecimal() and len(digits) <= LONGEST_NUMBER else text


def _chosen(shape: Shape, value: Any, given: Sequence[str]) -> list[Any]:
    """What was ticked: what was there keeps its place, new choices follow in the order of the page."""
    wanted = list(dict.fromkeys(given))
    there = [item for item in value if text_of(item) in wanted] if isinstance(value, list) else []
    known = {text_of(item) for item in there}
    new = [choice for choice in wanted if choice not in known]
    return there + ([_number(choice) for choice in new] if shape.is_integer_list else new)
