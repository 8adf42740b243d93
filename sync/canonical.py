"""Canonical JSON: one value has exactly one spelling in bytes, and nothing is lost on the way.

Keys sorted by code point, no spaces, UTF-8, no escapes but those JSON demands. Allowed: objects with string keys,
arrays, strings, booleans, null and integers within ±(2**53 - 1). Decimals, dates and times travel as strings.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

LARGEST = 2**53 - 1
DEEPEST = 64
# STRICT_INTEGER is the limit above. What orjson could write besides (floats, UUIDs, dates) is refused by _check.
_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_LEAVES = frozenset({str, int, bool, type(None)})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00", re.ASCII)


class NotCanonical(ValueError):
    """The value or the bytes have no place in canonical JSON."""


def encode(value: Any, *, deepest: int = DEEPEST) -> bytes:
    """The canonical bytes of ``value``; NotCanonical for floats, big integers, odd types, lone surrogates, and for more
    than ``deepest`` levels."""
    _check(value, deepest)
    return _dump(value)


def encode_text(text: str) -> bytes:
    """``encode`` of a text; NotCanonical for lone surrogates."""
    return _dump(text)


def sha256(value: Any) -> str:
    """The SHA-256 (hex) of the canonical bytes; NotCanonical as ``encode``."""
    return hashlib.sha256(encode(value)).hexdigest()


def decode(data: bytes) -> Any:
    """The value of canonical bytes; NotCanonical for any other spelling of it, or for bytes that are no JSON at all."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise NotCanonical(f"不是规范的 JSON：{error}") from error
    _check(value, DEEPEST)
    # Re-encoding catches duplicate keys, spaces, unsorted keys and needless escapes in one comparison.
    if _dump(value) != data:
        raise NotCanonical("JSON 的写法不规范：键的次序、空格或转义不符。")
    return value


def moment(at: datetime) -> str:
    """A time with its offset as text with microseconds, always in UTC; ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("时间必须带时区。")
    return (at if at.tzinfo is UTC else at.astimezone(UTC)).isoformat(timespec="microseconds")


def parse_moment(text: str) -> datetime:
    """The time written by ``moment``; NotCanonical for another spelling."""
    if not _MOMENT.fullmatch(text):
        raise NotCanonical(f"时间 {text!r} 的写法不规范。")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise NotCanonical(f"时间 {text!r} 不存在。") from error


def _dump(value: Any) -> bytes:
    try:
        return orjson.dumps(value, option=_SORTED)
    except orjson.JSONEncodeError as error:
        raise NotCanonical(f"不能写成规范的 JSON：{error}") from error


def _check(value: Any, depth: int) -> None:
    if depth < 0:
        raise NotCanonical("嵌套过深。")
    if isinstance(value, str | int) or value is None:
        return
    if isinstance(value, dict):
        _check_items(value.values(), depth - 1)
    elif isinstance(value, list | tuple):
        _check_items(value, depth - 1)
    else:
        raise NotCanonical(f"不接受 {type(value).__name__} 类型，请先转成文本。")


def _check_items(items: Iterable[Any], depth: int) -> None:
    for item in items:
        if type(item) not in _LEAVES or depth < 0:  # most are leaves: no call for those
            _check(item, depth)
