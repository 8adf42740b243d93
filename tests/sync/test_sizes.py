"""Attachments of no byte and of a byte around a frame, characters of four bytes, microseconds: exact on the other side."""

import hashlib
import itertools
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from sync import frames
from tests.sync.crashes import quick_folder
from tests.sync.sites import LedgerSite, exchange, level, two_sites

Pair = tuple[LedgerSite, LedgerSite]
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with quick_folder() as home, two_sites(home) as sites:
        yield sites


@pytest.mark.parametrize("size", [0, 1, frames.PIECE - 1, frames.PIECE, frames.PIECE + 1, 3 * frames.PIECE])
def test_attachment_of_exactly(size: int, pair: Pair, tmp_path: Path) -> None:
    data, number = (b"0123456789abcdef" * (size // 16 + 1))[:size], next(_numbers)
    file, name = tmp_path / "file", hashlib.sha256(data).hexdigest()
    file.write_bytes(data)
    assert [site.attach(file, number) for site in pair] == [name, name]
    exchange(pair, tmp_path / "disk")
    assert [site.attached(number)["files"] for site in pair] == [[[name, size, name]]] * 2
    assert level(*pair)
    assert level(*pair[::-1])


def test_same_empty_file_in_a_later_batch(pair: Pair, tmp_path: Path) -> None:
    """It was carried once; the record alone is enough."""
    outer, inner = pair
    (tmp_path / "file").touch()
    for _ in range(2):
        number = next(_numbers)
        name = outer.attach(tmp_path / "file", number)
        exchange(pair, tmp_path / str(number))
        assert inner.attached(number)["files"] == [[name, 0, name]]


@pytest.mark.parametrize("text", ["𠮷野家😀", "😀" * 1000, "\U0010ffff", "\u2028\x01\x7f", "e\u0301é"])
def test_characters(text: str, pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    outer.note(2, first=1000, key=f"{text[:30]}:{next(_numbers)}", text=text)
    exchange(pair, tmp_path / "disk")
    assert inner.rows()[-2:] == outer.own()[-2:]
    assert inner.rows()[-1][2] == text


def test_microseconds(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    outer.note(5, first=2000)
    exchange(pair, tmp_path / "disk")
    moments = [row[4] for row in inner.rows()[-5:]]
    assert moments == [row[4] for row in outer.own()[-5:]]
    assert any(datetime.fromisoformat(moment).microsecond % 1000 for moment in moments)
