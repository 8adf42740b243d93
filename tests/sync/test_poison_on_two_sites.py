"""Poison on two real sites: first, in the middle, last; given up, told to the sender; a kind that halts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.sites import LedgerSite, level, two_sites

Pair = tuple[LedgerSite, LedgerSite]
N = 6


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with two_sites(tmp_path_factory.mktemp("poison")) as sites:
        yield sites


def carry(sender: LedgerSite, receiver: LedgerSite, folder: Path, code: int = 0) -> None:
    sender.seal(folder)
    receiver.run("open_batch", folder, code=code)


def numbers(site: LedgerSite, first: int) -> list[int]:
    return [row[1] for row in site.rows() if row[1] >= first]


@pytest.mark.parametrize(("at", "first"), [(0, 1000), (2, 2000), (N - 1, 3000)])
def test_only_its_key_waits_and_the_sender_hears_why_it_was_given_up(
    at: int, first: int, pair: Pair, tmp_path: Path
) -> None:
    """Two keys take turns: what follows the poison under its own key waits, the other key goes on."""
    outer, inner = pair
    outer.note(N, first=first, keys=2, bad=first + at)
    carry(outer, inner, tmp_path / "disk")
    behind = [n for n in range(first + at + 1, first + N) if n % 2 == (first + at) % 2]
    applied = [n for n in range(first, first + N) if n != first + at and n not in behind]
    assert numbers(inner, first) == applied
    assert level(outer, inner)
    [[rseq, reason]] = inner.operator("look")["letters"]
    assert reason == "坏记录"
    assert inner.operator("retry") == {"done": False}

    seen = inner.operator("dismiss", "已在窗口另行办理")
    assert seen["letters"] == []
    assert numbers(inner, first) == applied + behind
    carry(inner, outer, tmp_path / "back")
    key = f"{first}:{(first + at) % 2}"
    assert outer.operator("look")["rejections"][0] == [rseq, "ledger.noted", key, "已在窗口另行办理"]
    assert level(inner, outer)


def test_a_kind_that_halts_stops_the_stream_until_it_may_go_on(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    outer.note(1, first=9000, key="strict")
    outer.fact("ledger.closed", "strict:0", last=9999)
    outer.note(2, first=9001)
    carry(outer, inner, tmp_path / "disk", code=2)
    assert numbers(inner, 9000) == []
    [[rseq, reason]] = inner.operator("look")["halts"]
    assert reason == "账本与结账记录不符"
    inner.operator("let_pass", "对端已核对")
    inner.run("open_batch", tmp_path / "disk")
    assert numbers(inner, 9000) == [9000, 9001, 9002]
    assert inner.operator("look")["letters"] == [[rseq, reason]]
    assert level(outer, inner)
