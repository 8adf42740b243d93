"""A disk is verified and read without a trace, whatever lies on it."""

import errno
import os
from pathlib import Path

import pytest

from sync import durable, notes, status
from sync.models import Quarantine
from sync.transports.disk import contents, reading
from tests.sync.conftest import rows
from tests.sync.disk.parts import names, seal, write, zips
from tests.sync.peer import Peer
from tests.sync.peer_notes import receipt_note
from tests.sync.test_commands import complaint, run

pytestmark = pytest.mark.usefixtures("topic")


def test_verify_names_what_is_wrong(disk: Path) -> None:
    seal(1, 2)
    write(disk)
    first, second, last = [disk / "zwfw-sync" / name for name in zips(disk)]
    first.write_bytes(first.read_bytes()[:-1] + b"x")
    second.rename(disk / "zwfw-sync" / "other.zip")
    assert reading.verify(disk).complaints == [
        f"{first.name} 与目录不符，已损坏。",
        f"盘上缺少 {second.name}。",
        "other.zip 不在目录里。",
    ]
    assert last.name not in str(reading.verify(disk).complaints)


def test_changed_table_is_not_believed(disk: Path) -> None:
    seal(1)
    write(disk)
    index = disk / "zwfw-sync" / "INDEX.txt"
    index.write_bytes(index.read_bytes().replace(b'"disks":1', b'"disks":2'))
    assert "bad_signature" in reading.verify(disk).complaints[0]


def snapshot(root: Path) -> list[tuple[str, int, int, bytes]]:
    return [
        (str(path), path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes() if path.is_file() else b"")
        for path in sorted(root.rglob("*"))
    ]


def test_read_opens_all_and_writes_nothing_to_the_disk(
    their_disk: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (their_disk / "zwfw-sync" / "bad.zip").write_bytes(b"PK\x03\x04")
    before = snapshot(their_disk)
    code, text = run("disk_read", their_disk)
    assert code == 3
    assert rows() == ["k:1#1", "k:1#2"]
    assert Quarantine.objects.get().code == "truncated"
    assert snapshot(their_disk) == before
    assert "第 2 块盘没有读" in text
    assert list((data_dir / "batches" / "carried").iterdir()) == []


def test_write_protected_disk(their_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every write below the disk fails, as on a protected one."""
    plain = os.open

    def protected(path: str, flags: int, *more: object, **named: object) -> int:
        if str(path).startswith(str(their_disk)) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, "read-only", str(path))
        return plain(path, flags, *more, **named)  # type: ignore[arg-type]

    def no(path: Path, *_: object, **__: object) -> None:
        assert their_disk not in path.parents

    monkeypatch.setattr(os, "open", protected)
    for name in ("replace", "unlink", "rename", "mkdir", "touch"):
        plain_method = getattr(Path, name)
        monkeypatch.setattr(
            Path, name, lambda path, *words, _plain=plain_method, **more: (no(path), _plain(path, *words, **more))[1]
        )
    assert run("disk_read", their_disk)[0] == 0
    assert rows() == ["k:1#1", "k:1#2"]


def test_lost_tail_is_seen(their_disk: Path) -> None:
    *_, last = sorted((their_disk / "zwfw-sync").glob("*.zip"))
    last.unlink()
    code, text = run("disk_read", their_disk)
    assert (code, f"缺少第 3 批的 {last.name}" in text) == (3, True)
    from sync import courier_state

    assert courier_state.figures().behind == 1  # the table says how far the peer has sealed


def test_disks_may_be_read_in_any_order(their_disk: Path, tmp_path: Path) -> None:
    """What waited for a file on a later disk has been applied in the end, and the exit code says so."""
    first, *_ = sorted((their_disk / "zwfw-sync").glob("*.zip"))
    other = tmp_path / "other"
    other.mkdir()
    first.rename(other / first.name)
    (their_disk / "zwfw-sync" / "INDEX.txt").unlink()
    assert run("disk_read", their_disk)[0] == 2
    assert run("disk_read", their_disk, other)[0] == 0
    assert rows() == ["k:1#1", "k:1#2"]


def test_one_bad_sector_does_not_stop_the_rest(their_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *_ = sorted((their_disk / "zwfw-sync").glob("*.zip"))
    copy = durable.copy

    def broken(source: Path, target: Path) -> None:
        if source == first:
            raise OSError(errno.EIO, "bad sector", str(source))
        copy(source, target)

    with monkeypatch.context() as sector:
        sector.setattr(durable, "copy", broken)
        found = reading.read(their_disk)
    assert ["磁盘读写出错" in found.complaints[0], len(found.complaints)] == [True, 1]
    assert [outcome.state for outcome in found.outcomes] == ["parked", "parked"]
    assert reading.exit_code([reading.read(their_disk)]) == 0
    assert rows() == ["k:1#1", "k:1#2"]


def test_half_files_and_unsigned_tables_do_not_count(their_disk: Path, peer: Peer, tmp_path: Path) -> None:
    folder = their_disk / "zwfw-sync"
    (folder / ".x.zip.dead.part").write_bytes(b"PK\x03\x04")
    stranger = Peer(tmp_path / "stranger", "outer", peer.recipient)
    index = contents.read(folder, peer.keys.card, None)
    assert index
    (folder / "INDEX.txt").write_bytes(notes.pack(contents.CONTEXT, index, stranger.keys))
    found = reading.read(their_disk)
    assert found.index is None
    assert "unknown_key" in found.complaints[0]
    assert rows() == ["k:1#1", "k:1#2"]


def test_receipt_on_the_disk_acknowledges(their_disk: Path, peer: Peer) -> None:
    [batch] = seal(1)
    (their_disk / "zwfw-sync" / "receipt.txt").write_bytes(receipt_note(peer, batch))
    assert reading.exit_code([reading.read(their_disk)]) == 0
    assert status.outgoing().acknowledged == 1


def test_our_newest_receipt_travels_on_the_disk(peer: Peer, disk: Path) -> None:
    from sync import intake

    intake.open_path(peer.batch())
    write(disk)
    assert [name for name in names(disk) if "receipt" in name]


def test_each_file_is_copied_in_once(their_disk: Path, copied: list[Path]) -> None:
    assert [one.state for one in reading.read(their_disk).outcomes] == ["applied"] * 3
    assert [path.parent for path in copied] == [their_disk / "zwfw-sync"] * 3


@pytest.mark.parametrize("command", ["disk_read", "disk_verify"])
def test_no_disk_there(command: str, peer: Peer, tmp_path: Path) -> None:
    assert "找不到" in complaint(command, tmp_path / "unmounted")


def test_a_receipt_beside_the_table_is_no_stranger(disk: Path, peer: Peer) -> None:
    [batch] = seal(1)
    write(disk)
    (disk / "zwfw-sync" / "theirs.txt").write_bytes(receipt_note(peer, batch))
    assert reading.verify(disk).complaints == []
