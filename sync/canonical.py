"""Canonical JSON: one value has exactly one spelling in bytes, and nothing is lost on the way.

Keys sorted by code point, no spaces, UTF-8, no escapes but those JSON demands. Allowed: objects with string keys,
arrays, strings, booleans, null and integers within ±(2**53 - 1). Decimals, dates and times travel as strings.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

LARGEST = 2**53 - 1
DEEPEST = 64
_DIGITS_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 16  # without so many digits in a row, all integers are within the limits and need no look each
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
        value = (_DECODER if _LONG_NUMBER in data.translate(_DIGITS_TO_ZERO) else _QUICK_DECODER).decode(data.decode())
    except (ValueError, RecursionError) as error:
        raise NotCanonical(f"不是规范的 JSON：{error}") from error
    if data.count(b"{") + data.count(b"[") > DEEPEST:
        _check(value, DEEPEST)
    # Re-encoding catches duplicate keys, spaces, unsorted keys and needless escapes in one comparison.
    if _dump(value) != data:
        raise NotCanonical("JSON 的写法不规范：键的次序、空格或转义不符。")
    return value


def moment(at: datetime) -> str:
    """A time with its offset as text with microseconds, always in UTC; ValueError for a naive time."""
    if at.tzinfo is None:
        raise ValueError("时间必须带时区。")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


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
        return _ENCODER.encode(value).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("文本中有不成对的代理字符。") from error


def _refuse(text: str) -> Any:
    raise NotCanonical(f"不接受小数或非数：{text[:20]}")


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > LARGEST:
        raise NotCanonical(f"整数超出范围：{text[:20]}")
    return int(text)


def _check(value: Any, depth: int) -> None:
    if depth < 0:
        raise NotCanonical("嵌套过深。")
    if value is None or isinstance(value, str | bool):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise NotCanonical(f"整数超出范围：{value}")
    elif isinstance(value, dict):
        _check_keys(value)
        _check_items(value.values(), depth - 1)
    elif isinstance(value, list | tuple):
        _check_items(value, depth - 1)
    else:
        raise NotCanonical(f"不接受 {type(value).__name__} 类型，请先转成文本。")


def _check_keys(value: dict[Any, Any]) -> None:
    for key in value:
        if not isinstance(key, str):
            raise NotCanonical(f"键必须是文本：{key!r}")


def _check_items(items: Iterable[Any], depth: int) -> None:
    for item in items:
        if type(item) is not str or depth < 0:  # most are texts: no call for those
            _check(item, depth)


# Made once: ``json.dumps`` and ``json.loads`` with options make them anew for each call.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_QUICK_DECODER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse)
_DECODER = json.JSONDecoder(parse_float=_refuse, parse_constant=_refuse, parse_int=_integer)
