"""A file that the disk does not give back: named with its reason, left where it is, and all the others opened."""

import errno
import io
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from sync import arrivals, batch_file, durable, intake, reports, volumes_in
from sync.courier import Courier, Schedule
from sync.models import Quarantine, Receipt, Stream
from sync.reasons import Refused
from sync.reports import APPLIED, REFUSED, UNREADABLE, Outcome
from sync.transports.folder import FolderPair
from tests.sync.conftest import rows
from tests.sync.peer import Peer, line, name_of

pytestmark = pytest.mark.usefixtures("topic")
BROKEN = Path("/proc/self/mem")  # a plain file whose first byte cannot be read: a real input/output error


@pytest.fixture
def disk(peer: Peer, tmp_path: Path) -> Path:
    """Three good batches."""
    folder = tmp_path / "disk"
    folder.mkdir()
    for name in ("a.zip", "c.zip", "d.zip"):
        peer.batch().rename(folder / name)
    return folder


@pytest.fixture
def three(peer: Peer) -> list[Path]:
    """The files of one batch: two scans, and a record that names them."""
    scans = {name_of(data): data for data in (bytes([n]) * 1_000_000 for n in range(2))}
    peer.batch([line(1, blobs=list(scans))], blobs=scans, largest=batch_file.RESERVE + 700_000)
    assert len(peer.paths) == 3
    return peer.paths


Fail = Callable[[str, Path, int, int], None]


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Let a call on one path end with an error: ``stat``, ``open``, or ``read`` after so many bytes."""

    def order(call: str, sick: Path, code: int, after: int = 0) -> None:
        name = "open" if call == "read" else call
        real = getattr(Path, name)

        def sometimes(path: Path, *arguments: Any, **named: Any) -> Any:
            if path != sick:
                return real(path, *arguments, **named)
            if call != "read":
                raise OSError(code, "sick", str(path))
            return _Sick(real(path, *arguments, **named).read(), code, after)

        monkeypatch.setattr(Path, name, sometimes)

    return order


class _Sick(io.BytesIO):
    def __init__(self, data: bytes, code: int, after: int) -> None:
        super().__init__(data)
        self._code, self._after = code, after

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() >= self._after:
            raise OSError(self._code, "sick")
        return super().read(min(size or 0, 64) if size and size > 0 else size)


def by_name(outcomes: list[Outcome]) -> dict[str, str]:
    return {outcome.file: outcome.state for outcome in outcomes}


@pytest.mark.parametrize("name", ["b.zip", "b", "b.txt"])
def test_real_error_of_a_disk(name: str, disk: Path) -> None:
    (disk / name).symlink_to(BROKEN)
    outcomes = intake.open_path(disk)
    assert by_name(outcomes) == {name: UNREADABLE, "a.zip": APPLIED, "c.zip": APPLIED, "d.zip": APPLIED}
    assert rows() == ["k:1#1", "k:1#2", "k:1#3"]
    [sick] = [outcome for outcome in outcomes if outcome.state == UNREADABLE]
    assert (sick.exit_code, sick.code) == (3, "unreadable")
    assert "读不出来" in sick.sentence
    assert "磁盘读写出错" in sick.sentence
    assert str(disk / name) in sick.sentence
    assert (disk / name).is_symlink()
    assert not Quarantine.objects.exists()
    assert list(intake.folder("inbox").glob("*")) == []


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES])
@pytest.mark.parametrize(("call", "after"), [("stat", 0), ("open", 0), ("read", 0), ("read", 100), ("read", 1500)])
def test_every_way_to_fail(call: str, after: int, code: int, disk: Path, fail: Fail) -> None:
    """The second batch cannot be read: the first is applied, the third waits for it."""
    fail(call, disk / "c.zip", code, after)
    assert by_name(intake.open_path(disk)) == {"a.zip": APPLIED, "c.zip": UNREADABLE, "d.zip": reports.PARKED}
    assert rows() == ["k:1#1"]
    assert not Quarantine.objects.exists()


def test_read_again_when_the_disk_is_well(disk: Path, fail: Fail, monkeypatch: pytest.MonkeyPatch) -> None:
    fail("open", disk / "c.zip", errno.EACCES, 0)
    intake.open_path(disk)
    monkeypatch.undo()
    assert [outcome.state for outcome in intake.open_path(disk / "c.zip")] == [APPLIED, APPLIED]
    assert rows() == ["k:1#1", "k:1#2", "k:1#3"]


def test_too_large_and_unreadable(disk: Path, fail: Fail, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused is copied to quarantine, if it can be read."""
    monkeypatch.setattr(intake, "LARGEST_FILE", 10)
    fail("read", disk / "c.zip", errno.EIO, 100)
    assert by_name(intake.open_path(disk)) == {"a.zip": REFUSED, "c.zip": UNREADABLE, "d.zip": REFUSED}
    assert Quarantine.objects.count() == 2
    assert (disk / "c.zip").exists()
    assert [path.name[-5:] for path in sorted(intake.folder("quarantine").iterdir())] == ["a.zip", "d.zip"]


def test_single_file_and_the_command(disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (disk / "b.zip").symlink_to(BROKEN)
    with pytest.raises(SystemExit) as end:
        call_command("open_batch", str(disk / "b.zip"), "--json")
    assert end.value.code == 3
    [told] = json.loads(capsys.readouterr().out)["files"]
    assert (told["file"], told["state"]) == ("b.zip", "unreadable")


def test_our_own_disk_is_no_fault_of_the_file(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room for the working copy: an error of this site, to be tried again as a whole."""

    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="full") as caught:
        intake.open_path(disk)
    assert not isinstance(caught.value, durable.Unreadable)


def test_kept_file_that_its_own_disk_does_not_give_back(disk: Path, fail: Fail) -> None:
    """It counts as missing, and the others go on."""
    assert intake.open_path(disk / "c.zip")[0].state == reports.PARKED
    [kept] = intake.folder("parked").iterdir()
    fail("read", kept, errno.EIO, 100)
    outcomes = intake.open_path(disk / "a.zip")
    assert by_name(outcomes) == {"a.zip": APPLIED, kept.name: UNREADABLE}
    assert "请对端重发" in outcomes[1].sentence
    assert str(kept) in outcomes[1].sentence
    assert rows() == ["k:1#1"]
    assert intake.open_files([]) == []


def test_it_is_asked_for_and_comes_again(disk: Path, fail: Fail) -> None:
    intake.open_path(disk / "c.zip")
    [kept] = intake.folder("parked").iterdir()
    intake.open_path(disk / "d.zip")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(durable, "pieces_of", _breaking_off(kept))
        intake.open_path(disk / "a.zip")
    receipt = Receipt.objects.order_by("-number").first()
    assert receipt
    assert receipt.body["missing"] == [[2, 2]]
    assert Stream.objects.get().receipt_due
    assert [outcome.state for outcome in intake.open_path(disk / "c.zip")] == [APPLIED, APPLIED]
    assert rows() == ["k:1#1", "k:1#2", "k:1#3"]


@pytest.mark.parametrize("call", ["open", "read"])
@pytest.mark.parametrize("sick", [0, 1, 2])
def test_volume_that_its_own_disk_does_not_give_back(
    sick: int, call: str, three: list[Path], peer: Peer, fail: Fail
) -> None:
    """The last one to come cannot complete its batch; the sick one is asked for alone."""
    intake.open_path(three[sick])
    [kept] = intake.folder("parked").iterdir()
    others = [path for at, path in enumerate(three) if at != sick]
    intake.open_path(others[0])
    with pytest.MonkeyPatch.context() as patch:
        if call == "read":
            patch.setattr(durable, "pieces_of", _breaking_off(kept))
        else:
            fail("open", kept, errno.EIO)
        outcomes = intake.open_path(others[1])
    assert [outcome.state for outcome in outcomes] == [reports.PARTIAL, UNREADABLE]
    missing = [sick + 1, sick + 1 if sick < 2 else volumes_in.TO_THE_END]
    assert volumes_in.unfinished(peer.stream, 0) == {1: [missing]}


def test_such_a_volume_comes_again(three: list[Path]) -> None:
    first, *others = three
    intake.open_path(first)
    [kept] = intake.folder("parked").iterdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(durable, "pieces_of", _breaking_off(kept))
        for path in others:
            intake.open_path(path)
    assert rows() == []
    assert [outcome.state for outcome in intake.open_path(first)] == [APPLIED]
    assert rows() == ["k:1#1"]


def test_quarantined_file_that_cannot_be_read_any_more(disk: Path, peer: Peer) -> None:
    """Its key is known by now: it would be opened once more."""
    path = disk / "c.zip"
    intake.refuse(path, Refused("unknown_key"))
    row = Quarantine.objects.get()
    Quarantine.objects.update(signer=peer.keys.card.sign_id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(durable, "pieces_of", _breaking_off(Path(row.kept_as)))
        outcomes = intake.open_path(disk / "a.zip")
    assert sorted(outcome.state for outcome in outcomes) == [APPLIED, UNREADABLE]
    assert rows() == ["k:1#1"]


def test_receipt_file_that_cannot_be_read(disk: Path) -> None:
    (disk / "r.txt").symlink_to(BROKEN)
    outcomes = arrivals.open_arrived([disk / "r.txt", disk / "a.zip"])
    assert by_name(outcomes) == {"r.txt": UNREADABLE, "a.zip": APPLIED}


def test_gate_whose_file_breaks_off_in_the_middle(peer: Peer, fail: Fail, tmp_path: Path) -> None:
    """The courier says it once, leaves the file there, goes on, and tries it again when it has changed."""
    pair = FolderPair(tmp_path / "in", tmp_path / "out")
    pair.make()
    paths = [peer.batch().rename(pair.source / name) for name in ("a.zip", "b.zip", "c.zip")]
    good = paths[1].read_bytes()
    told: list[str] = []
    courier = Courier([pair], Schedule(every=0), told.append, threading.Event())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(durable, "pieces_of", _breaking_off(paths[1]))
        courier.round()
        courier.round()
    assert [line for line in told if "读不出来" in line and line.startswith("b.zip")]
    assert sum("b.zip" in line for line in told) == 1
    assert (rows(), paths[1].exists(), paths[2].exists()) == (["k:1#1"], True, False)
    paths[1].unlink()
    paths[1].write_bytes(good)
    courier.round()
    assert rows() == ["k:1#1", "k:1#2", "k:1#3"]


def _breaking_off(sick: Path) -> Callable[[Path], Any]:
    real = durable.pieces_of

    def pieces(path: Path) -> Any:
        if path == sick:
            yield b"PK"
            raise durable.Unreadable(errno.EIO, "sick", str(path))
        yield from real(path)

    return pieces
