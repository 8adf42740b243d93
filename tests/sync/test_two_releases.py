"""Two real sites of which one is upgraded first: nothing is lost, nothing is out of order, in either order of upgrading."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.sites import LedgerSite, level, two_sites

Pair = tuple[LedgerSite, LedgerSite]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with two_sites(tmp_path / "sites") as sites:
        yield sites


def carry(sender: LedgerSite, receiver: LedgerSite, folder: Path, code: int = 0) -> None:
    """Everything that waits, by disk."""
    sender.seal(folder)
    receiver.run("open_batch", folder, code=code)


def known(pair: Pair, folder: Path) -> None:
    """Let each side have the other's receipt."""
    outer, inner = pair
    outer.note(1, first=1)
    inner.note(1, first=1)
    for _ in range(2):
        carry(outer, inner, folder / "in")
        carry(inner, outer, folder / "out")


def numbers(site: LedgerSite) -> list[int]:
    return [row[1] for row in site.rows()]


def test_the_sender_upgraded_first_writes_what_the_peer_reads(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    known(pair, tmp_path)
    outer.note(2, first=10)
    outer.restart(LEDGER_RELEASE="2")
    outer.note(2, first=12)
    carry(outer, inner, tmp_path / "disk")
    assert numbers(inner)[-4:] == [10, 11, 12, 13]
    assert level(outer, inner)
    inner.restart(LEDGER_RELEASE="2")
    carry(inner, outer, tmp_path / "back")
    outer.note(1, first=20, text="秘密：新版才有的内容")
    carry(outer, inner, tmp_path / "disk")
    assert inner.rows()[-1][1:3] == [20, "秘密：新版才有的内容"]
    assert level(outer, inner)


def test_what_has_no_older_form_waits_for_the_peers_upgrade(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    known(pair, tmp_path)
    outer.restart(LEDGER_RELEASE="2")
    outer.note(1, first=10)
    outer.note(1, first=11, text="秘密")
    outer.note(1, first=12)
    said = outer.run("seal_batch", "--to", tmp_path / "disk")
    assert "先升级对端" in said
    assert "先升级对端" in outer.run("seal_batch", "--to", tmp_path / "disk", code=1)
    inner.run("open_batch", tmp_path / "disk")
    assert numbers(inner)[-1] == 10
    inner.restart(LEDGER_RELEASE="2")
    carry(inner, outer, tmp_path / "back")
    carry(outer, inner, tmp_path / "disk")
    assert numbers(inner)[-3:] == [10, 11, 12]
    assert level(outer, inner)


def test_a_reader_too_old_parks_and_goes_on_by_itself_when_upgraded(pair: Pair, tmp_path: Path) -> None:
    """Before the first receipt nobody knows what the peer reads."""
    outer, inner = pair
    outer.restart(LEDGER_RELEASE="3")
    outer.note(2, first=10)
    said = outer.seal(tmp_path / "disk")
    assert "升级" in inner.run("open_batch", *said, code=2)
    outer.note(1, first=12)
    carry(outer, inner, tmp_path / "disk", code=2)
    assert (numbers(inner), inner.status()["incoming"]["quarantined"]) == ([], 0)
    inner.restart(LEDGER_RELEASE="2")
    (tmp_path / "empty").mkdir()
    inner.run("open_batch", tmp_path / "empty")
    assert numbers(inner) == [10, 11, 12]
    assert level(outer, inner)


def test_an_old_sender_is_understood_by_a_new_reader(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    inner.restart(LEDGER_RELEASE="3")
    outer.note(2, first=10)
    carry(outer, inner, tmp_path / "disk")
    assert [row[1:3] for row in inner.rows()] == [[10, "第 10 条 😀"], [11, "第 11 条 😀"]]
    assert level(outer, inner)


def test_an_upgraded_outbox_still_sends_what_the_old_release_wrote(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    outer.note(1, first=10)
    for site in pair:
        site.restart(LEDGER_RELEASE="3")
    outer.note(1, first=11)
    carry(outer, inner, tmp_path / "disk")
    assert numbers(inner) == [10, 11]
