"""Sender, receiver or both put back to a backup, cloned, or put back twice: in the end both have every row, each once."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.sites import LedgerSite, exchange, level, two_sites

Pair = tuple[LedgerSite, LedgerSite]


class Drill:
    """Two sites, a carrier, and what an operator does after a restoration."""

    def __init__(self, pair: Pair, root: Path) -> None:
        self.pair, self.root, self._trips = pair, root, 0

    def folder(self, name: str = "trip") -> Path:
        self._trips += 1
        return self.root / f"{name}-{self._trips}"

    def carry(self) -> None:
        exchange(self.pair, self.folder())

    def send(self, sender: LedgerSite, code: int = 0) -> str:
        receiver = self.pair[1] if sender is self.pair[0] else self.pair[0]
        folder = self.folder()
        sender.seal(folder)
        return receiver.run("open_batch", folder, code=code)

    def begin(self, site: LedgerSite) -> dict[str, object]:
        """A new epoch, carried over, looked at and approved."""
        receiver = self.pair[1] if site is self.pair[0] else self.pair[0]
        folder = self.folder("epoch")
        site.run("new_epoch", "--begin", "--reason", "磁盘损坏", "--by", "许航", "--to", folder)
        receiver.run("open_batch", folder, code=2)
        found: dict[str, object] = json.loads(receiver.run("approve_epoch", "--json"))
        assert found["approved"] is False
        receiver.run("approve_epoch", "--approve", "--by", "高岚")
        receiver.run("open_batch", folder)
        return found

    def whole(self) -> None:
        """Both directions are level, and each side has exactly what happened at the other."""
        for _ in range(3):
            self.carry()
        outer, inner = self.pair
        assert level(outer, inner)
        assert level(inner, outer)
        for site, other in (self.pair, self.pair[::-1]):
            assert sorted(map(str, site.own())) == sorted(map(str, other.rows()))
            assert len({str(row) for row in site.own()}) == len(site.own())
            assert site.status()["incoming"]["parked"] == 0
            assert site.status()["outgoing"]["waiting"] == 0

    def numbers(self) -> list[list[int]]:
        return [sorted(row[1] for row in site.own()) for site in self.pair]


@pytest.fixture
def drill(tmp_path: Path) -> Iterator[Drill]:
    with two_sites(tmp_path / "sites") as pair:
        drill = Drill(pair, tmp_path)
        pair[0].note(6, first=100, bytes=200)
        pair[1].note(3, first=500)
        drill.carry()
        drill.carry()
        yield drill


def test_sender_restored(drill: Drill) -> None:
    """Lost facts come back, facts that never left are sent, known ones are not applied again."""
    outer, _ = drill.pair
    saved = outer.save(drill.folder("saved"))
    outer.note(4, first=200, bytes=100)
    drill.send(outer)
    outer.load(saved)
    assert "疑似恢复过备份" in outer.run("seal_batch", "--to", drill.folder(), code=1)
    assert "疑似恢复过备份" in outer.run("new_epoch")
    outer.note(3, first=300)
    found = drill.begin(outer)
    assert (found["known"], found["lost"], found["fresh"]) == (6, 4, 3)
    drill.whole()
    assert drill.numbers()[0] == [*range(100, 106), *range(200, 204), *range(300, 303)]


def test_sender_restored_by_the_command(drill: Drill) -> None:
    outer, _ = drill.pair
    outer.run("backup", "--to", drill.root / "backup")
    drill.carry()
    outer.note(4, first=200)
    drill.send(outer)
    outer.run("restore", drill.root / "backup", "--overwrite")
    assert "已从备份" in outer.run("seal_batch", "--to", drill.folder(), code=1)
    drill.begin(outer)
    drill.whole()
    assert len(drill.numbers()[0]) == 10


def test_after_the_receivers_backup_little_is_sent_again(drill: Drill) -> None:
    outer, inner = drill.pair
    inner.run("backup", "--to", drill.root / "backup")
    drill.carry()
    saved = outer.save(drill.folder("saved"))
    outer.note(2, first=200)
    drill.send(outer)
    outer.load(saved)
    found = drill.begin(outer)
    assert (found["known"], found["lost"], found["fresh"]) == (0, 2, 0)
    drill.whole()


def test_receiver_restored(drill: Drill) -> None:
    """It had sent nothing since its backup: no new epoch is needed, it is simply fed again."""
    outer, inner = drill.pair
    saved = inner.save(drill.folder("saved"))
    for first in (200, 300):
        outer.note(4, first=first, bytes=100)
        drill.send(outer)
    inner.load(saved)
    drill.whole()
    assert len(inner.rows()) == 14


def test_receiver_restored_after_it_had_sent_receipts(drill: Drill) -> None:
    outer, inner = drill.pair
    saved = inner.save(drill.folder("saved"))
    outer.note(4, first=200, bytes=100)
    inner.note(2, first=600)
    drill.carry()
    assert outer.status()["outgoing"]["acknowledged"] == outer.status()["outgoing"]["seq"]
    inner.load(saved)
    drill.begin(inner)
    drill.whole()
    assert [len(numbers) for numbers in drill.numbers()] == [10, 5]


def test_both_restored(drill: Drill) -> None:
    outer, inner = drill.pair
    saved = [site.save(drill.folder(site.side)) for site in drill.pair]
    outer.note(4, first=200)
    inner.note(4, first=600)
    drill.carry()
    outer.load(saved[0])
    outer.note(2, first=300)
    inner.load(saved[1])
    inner.note(2, first=700)
    drill.begin(outer)
    drill.begin(inner)
    drill.whole()
    # What both had forgotten is nowhere any more; all that either had is on both.
    assert drill.numbers() == [[*range(100, 106), 300, 301], [500, 501, 502, 700, 701]]


def test_both_restored_one_of_them_further_back(drill: Drill) -> None:
    outer, inner = drill.pair
    old = outer.save(drill.folder("outer"))
    outer.note(3, first=200)
    inner.note(3, first=600)
    drill.carry()
    drill.carry()
    newer = inner.save(drill.folder("inner"))
    outer.note(2, first=300)
    inner.note(2, first=700)
    drill.carry()
    outer.load(old)
    inner.load(newer)
    drill.begin(outer)
    drill.begin(inner)
    drill.whole()
    assert drill.numbers() == [[*range(100, 106), *range(200, 203)], [500, 501, 502, 600, 601, 602]]


def test_restored_again_and_again(drill: Drill) -> None:
    outer, _ = drill.pair
    saved = outer.save(drill.folder("saved"))
    for first in (200, 300, 400):
        outer.note(2, first=first, bytes=50)
        drill.send(outer)
        outer.load(saved)
        drill.begin(outer)
        drill.carry()
    drill.whole()
    assert drill.numbers()[0] == [*range(100, 106), 200, 201, 300, 301, 400, 401]
    assert outer.status()["outgoing"]["epoch"] == 4


def test_receiver_falls_back_before_the_epoch_it_had_approved(drill: Drill) -> None:
    outer, inner = drill.pair
    before = inner.save(drill.folder("inner"))
    saved = outer.save(drill.folder("saved"))
    outer.note(3, first=200)
    drill.send(outer)
    outer.load(saved)
    drill.begin(outer)
    drill.carry()
    drill.carry()
    inner.load(before)
    # The inner site has sent since, so it begins an epoch too; its receipts say that it fell back.
    drill.begin(inner)
    folder = drill.folder()
    outer.seal(folder)
    inner.run("open_batch", folder, code=2)
    inner.run("approve_epoch", "--approve", "--by", "高岚")
    drill.whole()
    assert drill.numbers()[0] == [*range(100, 106), 200, 201, 202]


def test_cloned_sender(drill: Drill) -> None:
    """Two systems send from one database: the receiver stops at the first collision; one goes on, nothing it had is lost."""
    outer, inner = drill.pair
    saved, marks = outer.save(drill.folder("saved")), (outer.home / "marks.log").read_bytes()
    outer.note(2, first=200)
    drill.send(outer)
    outer.load(saved)
    (outer.home / "marks.log").write_bytes(marks)  # the clone has its own disk
    outer.note(2, first=300)
    clones = drill.folder("clone")
    outer.seal(clones)
    assert "内容不同" in inner.run("open_batch", clones, code=3)
    outer.note(1, first=400)
    found = drill.begin(outer)
    assert (found["lost"], found["fresh"]) == (2, 3)
    drill.whole()
    assert drill.numbers()[0] == [*range(100, 106), 200, 201, 300, 301, 400]


def test_facts_made_again_with_other_content_are_shown_and_kept(drill: Drill) -> None:
    outer, _ = drill.pair
    saved = outer.save(drill.folder("saved"))
    outer.note(2, first=200, key="shared")
    drill.send(outer)
    outer.load(saved)
    outer.note(2, first=206, key="shared")
    found = drill.begin(outer)
    assert (found["lost"], found["changed"]) == (2, 2)
    drill.whole()
    assert drill.numbers()[0] == [*range(100, 106), 200, 201, 206, 207]


def test_files_newer_than_the_database(drill: Drill) -> None:
    outer, inner = drill.pair
    saved = inner.save(drill.folder("saved"))
    outer.note(4, first=200, bytes=3000)
    drill.send(outer)
    files = sum(path.is_file() for path in (inner.home / "files").rglob("*"))
    inner.load(saved)
    drill.whole()
    assert sum(path.is_file() for path in (inner.home / "files").rglob("*")) == files


def test_archive_lost_too(drill: Drill) -> None:
    """Without the received files nothing can be given back: said before anything is approved."""
    outer, inner = drill.pair
    saved = outer.save(drill.folder("saved"))
    outer.note(2, first=200)
    drill.send(outer)
    outer.load(saved)
    archive = inner.home / "batches" / "archive"
    shutil.move(archive, drill.root / "elsewhere")
    folder = drill.folder()
    outer.run("new_epoch", "--begin", "--reason", "x", "--to", folder)
    inner.run("open_batch", folder, code=2)
    assert "batches/archive" in inner.run("approve_epoch", "--approve", code=1)
    shutil.move(drill.root / "elsewhere", archive)
    inner.run("approve_epoch", "--approve")
    drill.whole()
