"""One value, one spelling."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import canonical
from sync.canonical import NotCanonical

text = st.text(st.characters(exclude_categories=["Cs"]))
numbers = st.integers(-canonical.LARGEST, canonical.LARGEST)
values = st.recursive(
    st.none() | st.booleans() | numbers | text, lambda inner: st.lists(inner) | st.dictionaries(text, inner)
)


@given(values)
def test_round_trip(value: object) -> None:
    assert canonical.decode(canonical.encode(value)) == value


@given(values)
def test_every_library_writes_the_same(value: object) -> None:
    plain = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical.encode(value) == plain.encode()


@given(st.recursive(st.floats() | text, lambda inner: st.lists(inner, min_size=1), max_leaves=5))
def test_no_float_is_read(value: object) -> None:
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    if not _is_text_only(value):
        with pytest.raises(NotCanonical):
            canonical.decode(written)


def _is_text_only(value: object) -> bool:
    return all(map(_is_text_only, value)) if isinstance(value, list) else isinstance(value, str)


@given(values)
def test_any_other_spelling_is_refused(value: object) -> None:
    for other in (json.dumps(value, indent=1).encode(), json.dumps(value).encode()):
        if other != canonical.encode(value):
            with pytest.raises(NotCanonical):
                canonical.decode(other)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        value = canonical.decode(data)
    except NotCanonical:
        return
    assert canonical.encode(value) == data


def test_keys_are_sorted_and_text_is_plain() -> None:
    assert canonical.encode({"b": 1, "a": "一站 😀"}) == '{"a":"一站 😀","b":1}'.encode()


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        [float("nan")],
        float("inf"),
        2**53,
        [-(2**53)],
        2**64,
        {1: "x"},
        {None: "x"},
        b"x",
        datetime.now(tz=UTC),
        date(2026, 3, 2),
        [uuid4()],
        Decimal(1),
        {"a": canonical.NotCanonical("x")},
        "\ud800",
        {"\ud800": 1},
        {"a": {1}},
    ],
)
def test_refused_values(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical.encode(value)


def test_too_deep() -> None:
    deep: object = 1
    for _ in range(canonical.DEEPEST + 1):
        deep = [deep]
    with pytest.raises(NotCanonical):
        canonical.encode(deep)
    with pytest.raises(NotCanonical):
        canonical.decode(json.dumps(deep).encode())


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b"NaN",
        b"1.0",
        b"1e3",
        b"[1E3]",
        b'{"a":[[0.5]]}',
        b"1e400",
        b"18446744073709551616",
        b"-0",
        b"9007199254740992",
        b'"\\u0041"',
        b'"\\ud800"',
        b'"\\/"',
        b" 1",
        b"1 ",
        b"\xff",
        b"\xef\xbb\xbf1",
        b"[" * 100_000,
        b"9" * 100_000,
        b"",
    ],
)
def test_refused_bytes(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        canonical.decode(data)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_moments_keep_microseconds(at: datetime) -> None:
    assert canonical.parse_moment(canonical.moment(at)) == at


def test_moments_are_written_in_utc() -> None:
    at = datetime(2026, 3, 2, 17, 0, tzinfo=timezone(timedelta(hours=8)))
    assert canonical.moment(at) == "2026-03-02T09:00:00.000000+00:00"


@pytest.mark.parametrize("written", ["2026-03-02T09:00:00+00:00", "2026-02-30T09:00:00.000000+00:00", "2026-03-02", ""])
def test_moments_in_another_spelling(written: str) -> None:
    with pytest.raises(NotCanonical):
        canonical.parse_moment(written)


def test_naive_moment() -> None:
    with pytest.raises(ValueError):
        canonical.moment(datetime(2026, 3, 2))
