"""A removable disk: planned, written and read back, resumed, pulled out, read without a trace."""

import errno
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import batch_out, durable, keys, manifest, notes, outbox, status
from sync.models import Batch, Quarantine
from sync.transports import outgoing
from sync.transports.disk import contents, copying, limits, plan, reading, writing
from sync.transports.disk.limits import Disk
from tests.sync.conftest import rows
from tests.sync.peer import TOPIC, Peer
from tests.sync.peer_notes import receipt_note
from tests.sync.test_commands import complaint, run

pytestmark = pytest.mark.usefixtures("topic")
GIB = 1024**3


@pytest.fixture
def disk(peer: Peer, tmp_path: Path) -> Path:
    root = tmp_path / "disk"
    root.mkdir()
    return root


def seal(*numbers: int) -> list[Batch]:
    batches = []
    for n in numbers:
        outbox.record(TOPIC, "k:1", {"n": n})
        batches += batch_out.seal_all(batch_out.outgoing_folder())
    return batches


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / limits.FOLDER).iterdir())


def zips(root: Path) -> list[str]:
    return [name for name in names(root) if name.endswith(".zip")]


def write(*roots: Path, everything: bool = False) -> list[str]:
    return [result.problem for result in writing.write(writing.prepare(list(roots), everything=everything))]


# --- plans


def a_disk(root: Path, room: int, kind: str = "exfat") -> Disk:
    largest = limits.FAT_LARGEST if kind == "vfat" else None
    return Disk(root, kind, room + limits.RESERVE, 4096, largest)


def an_item(seq: int, size: int, name: str = "") -> plan.Item:
    return plan.Item(seq, seq, 1, 1, Path(name or f"outer2inner-12345678-{seq:010d}-0001.zip"), size)


def test_plan_over_several_disks(tmp_path: Path) -> None:
    disks = [a_disk(tmp_path / "a", 300_000), a_disk(tmp_path / "b", 500_000)]
    items = [an_item(1, 150_000), an_item(2, 150_000), an_item(3, 250_000), an_item(4, 60_000)]
    made = plan.make(disks, items)
    assert [[item.seq for item in load.items] for load in made.loads] == [[1, 4], [2, 3]]
    assert (made.left, made.complete) == ([], [1, 2, 3, 4])
    assert [load.used for load in made.loads] == [65536 + 151552 + 61440, 65536 + 151552 + 253952]  # whole clusters


def test_plan_says_what_does_not_fit(tmp_path: Path) -> None:
    made = plan.make([a_disk(tmp_path, 200_000)], [an_item(1, 190_000), an_item(2, 100_000)])
    assert [(left.item.seq, left.why) for left in made.left] == [(1, "剩余空间不足")]
    assert made.complete == [2]


def test_files_of_a_batch_may_lie_on_two_disks_but_all_must_have_a_place(tmp_path: Path) -> None:
    disks = [a_disk(tmp_path / "a", 200_000), a_disk(tmp_path / "b", 200_000)]
    volumes = [an_item(1, 100_000, f"o2i-12345678-0000000001-000{vol}.zip") for vol in (1, 2)]
    assert [[item.name[-5] for item in load.items] for load in plan.make(disks, volumes).loads] == [["1"], ["2"]]
    made = plan.make(disks[:1], volumes)
    assert (len(made.left), made.complete) == (1, [])


@pytest.mark.parametrize(("size", "fits"), [(4 * GIB - 1, True), (4 * GIB, False)])
def test_fat_holds_no_file_of_4_gib(tmp_path: Path, size: int, fits: bool) -> None:
    fat, other = a_disk(tmp_path, 100 * GIB, "vfat"), a_disk(tmp_path, 100 * GIB, "exfat")
    assert (plan.make([fat], [an_item(1, size)]).left == []) is fits
    assert plan.make([other], [an_item(1, size)]).left == []
    moved = plan.make([fat, other], [an_item(1, size)])
    assert [len(load.items) for load in moved.loads] == ([1, 0] if fits else [0, 1])


@pytest.mark.parametrize("name", ["批.zip", "a" * 49, "con.zip", "LPT1", ".zip", "a b.zip", "a/b", "x.", "a:b.zip"])
def test_unsafe_name(name: str) -> None:
    assert not limits.name_is_safe(name)


def test_names_of_our_files_are_safe(peer: Peer) -> None:
    assert limits.name_is_safe(peer.batch().name)


def test_names_that_differ_in_case_only(tmp_path: Path) -> None:
    made = plan.make([a_disk(tmp_path, GIB)], [an_item(1, 1, "aa.zip"), an_item(2, 1, "AA.zip")])
    assert [(left.item.name, "大小写" in left.why) for left in made.left] == [("AA.zip", True)]


def test_kind_of_file_system() -> None:
    table = (
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "40 22 8:17 / /media/USB\\040DISK rw,nosuid - vfat /dev/sdb1 rw\n"
        "41 22 8:33 / /media/USB2 rw shared:7 - exfat /dev/sdc1 rw\nnonsense\n"
    )
    found = [
        limits.filesystem_of(Path(path), table) for path in ("/media/USB DISK/x", "/media/USB2", "/media/US", "/x")
    ]
    assert found == ["vfat", "exfat", "ext4", "ext4"]
    assert limits.filesystem_of(Path("/x"), "") == ""


# --- writing


def test_everything_is_written_and_the_heartbeat_last(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(1, 2)
    order: list[str] = []
    part_file = durable.part_file

    def noted(target: Path, mode: int = 0o640) -> object:
        order.append(target.name)
        return part_file(target, mode)

    made = writing.prepare([disk])
    monkeypatch.setattr(durable, "part_file", noted)
    assert [result.problem for result in writing.write(made)] == [""]
    heartbeat = Batch.objects.order_by("seq").last()
    assert heartbeat
    assert (heartbeat.seq, heartbeat.records, order[-1]) == (3, 0, Path(heartbeat.file_path).name)
    assert len(zips(disk)) == 3
    assert {"INDEX.txt", "目录.txt"} < set(names(disk))
    assert list(outgoing.waiting("disk")) == []
    assert "第 3 批" in (disk / "zwfw-sync" / "目录.txt").read_text()


def test_next_disk_takes_what_was_on_none(disk: Path, tmp_path: Path) -> None:
    seal(1)
    write(disk)
    seal(2)
    second, third = tmp_path / "second", tmp_path / "third"
    second.mkdir()
    third.mkdir()
    write(second)
    assert [name[-15:-9] for name in zips(second)] == ["000003", "000004"]
    write(third, everything=True)
    assert [name[-15:-9] for name in zips(third)] == [f"00000{n}" for n in (1, 2, 3, 4, 5)]


def test_no_room_is_seen_before_the_first_byte(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(1)
    monkeypatch.setattr(limits, "look_at", lambda root: a_disk(root, 100))
    with pytest.raises(writing.NoRoom):
        writing.prepare([disk])
    assert list(disk.iterdir()) == []


def pulled(monkeypatch: pytest.MonkeyPatch, after: int, root: Path, number: int = errno.EIO) -> Callable[[], None]:
    """The disk goes away after some files; the returned function puts it back."""
    copy, count = copying.copy, [0]

    def broken(source: Path, target: Path) -> str:
        if root in target.parents:
            count[0] += 1
            if count[0] > after:
                target.with_name(f".{target.name}.dead.part").write_bytes(source.read_bytes()[:500])
                raise OSError(number, "gone", str(target))
        return copy(source, target)

    monkeypatch.setattr(copying, "copy", broken)
    return lambda: monkeypatch.setattr(copying, "copy", copy)


def test_pulled_out_in_the_middle_then_resumed(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(1, 2, 3)
    back = pulled(monkeypatch, 2, disk)
    [problem] = write(disk)
    assert "磁盘读写出错" in problem
    assert len(zips(disk)) == 2
    assert "INDEX.txt" not in names(disk)  # it does not say that it is whole
    assert reading.verify(disk).complaints
    assert len(outgoing.waiting("disk")) == 4
    back()
    before = {path: path.stat().st_ino for path in (disk / "zwfw-sync").glob("*.zip")}
    assert write(disk) == [""]
    assert len(zips(disk)) == 4  # with the heartbeat of the first attempt, not another one
    assert {path: path.stat().st_ino for path in before} == before  # what was good was not written again
    assert not list((disk / "zwfw-sync").glob(".*"))
    assert reading.verify(disk).whole


def test_resume_does_not_trust_a_file_of_the_right_length(disk: Path) -> None:
    [batch] = seal(1)
    source = Path(batch.file_path)
    (disk / "zwfw-sync").mkdir()
    (disk / "zwfw-sync" / source.name).write_bytes(bytes(source.stat().st_size))
    assert write(disk) == [""]
    assert (disk / "zwfw-sync" / source.name).read_bytes() == source.read_bytes()


def test_disk_that_lies_is_found_by_reading_back(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(1)
    fsync = os.fsync

    def lying(descriptor: int) -> None:
        fsync(descriptor)
        name = str(Path(f"/proc/self/fd/{descriptor}").readlink())
        if name.endswith(".part") and ".zip." in name and str(disk) in name:
            with Path(name).open("r+b") as handle:
                handle.seek(100)
                handle.write(b"\0" * 64)

    monkeypatch.setattr(os, "fsync", lying)
    [problem] = write(disk)
    assert "读回来不一样" in problem
    assert zips(disk) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_trouble_is_told_and_nothing_counts(disk: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    seal(1)
    pulled(monkeypatch, 0, disk, number)
    [problem] = write(disk)
    assert str(disk) in problem
    assert zips(disk) == []
    assert len(outgoing.waiting("disk")) == 2


def test_two_disks_at_the_same_time_one_of_them_bad(
    disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    seal(1, 2)
    size = Path(Batch.objects.get(seq=1).file_path).stat().st_size
    beat = -(-size // 4096) * 4096  # a heartbeat is no larger than a batch
    rooms = {disk: beat * 2, other: beat * 9}
    monkeypatch.setattr(limits, "look_at", lambda root: a_disk(root, rooms[root]))
    meeting, copy = threading.Barrier(2, timeout=20), copying.copy

    def together(source: Path, target: Path) -> str:
        if source != Path(heartbeat):
            meeting.wait()  # both threads are inside at once
        return copy(source, target)

    made = writing.prepare([disk, other])
    assert made.heartbeat
    heartbeat = made.heartbeat.path
    with monkeypatch.context() as both:
        both.setattr(copying, "copy", together)
        results = writing.write(made)
    assert [result.problem for result in results] == ["", ""]
    assert [len(zips(root)) for root in (disk, other)] == [2, 2]
    tables = [reading.verify(root).index for root in (disk, other)]
    assert all(tables)
    assert {(index.disk, index.disks) for index in tables if index} == {(1, 2), (2, 2)}
    seal(3, 4)
    pulled(monkeypatch, 0, other)
    rooms[disk] = beat * 2
    problems = write(disk, other)
    assert [bool(problem) for problem in problems] == [False, True]
    assert [batch.seq for batch in outgoing.waiting("disk")] == [
        5,
        6,
    ]  # what was to go on the bad disk, and the heartbeat


def test_disk_in_use_by_another_program(disk: Path) -> None:
    seal(1)
    (disk / "zwfw-sync").mkdir()
    with copying.only_writer(disk / "zwfw-sync"):
        [problem] = write(disk)
    assert "另一个程序" in problem
    assert names(disk) == []


# --- verifying


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


# --- reading


@pytest.fixture
def their_disk(peer: Peer, disk: Path) -> Path:
    """A disk of the peer: two batches and a heartbeat, with a table."""
    folder = disk / "zwfw-sync"
    folder.mkdir()
    entries = []
    for path in (peer.batch(), peer.batch(), peer.batch([])):
        target = path.rename(folder / path.name)
        digest = copying.digest_of(target)
        entries.append(
            contents.Entry(name=path.name, seq=peer.seq, vol=1, of=1, size=target.stat().st_size, sha256=digest)
        )
    head = manifest.StreamHead(stream=str(peer.stream), seq=3, rseq=2, chain=peer.chain.hex())
    index = contents.Index(
        sender="outer", recipient="inner", journey="0" * 16, disk=1, disks=2, files=entries, head=head
    )
    contents.write(folder, index, peer.keys)
    return disk


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


def test_whole_journey_between_two_keys(disk: Path, peer: Peer, site: keys.SiteKeys) -> None:
    """What we write, the peer can verify and open."""
    seal(1, 2)
    write(disk)
    index = contents.read(disk / "zwfw-sync", site.card, None)
    assert index
    assert (index.sender, index.recipient, len(index.files)) == ("inner", "outer", 3)
    for name, records in zip(zips(disk), (1, 1, 0), strict=True):
        found, lines, _ = peer.read(disk / "zwfw-sync" / name, site.card)
        assert (len(lines), found.records) == (records, records)


def test_commands(disk: Path) -> None:
    assert "没有要拷的批次" in run("disk_plan", disk)[1]
    seal(1)
    made = json.loads(run("disk_plan", disk, "--json")[1])
    assert (made["batches"], made["left"]) == ([1], [])
    assert not (disk / "zwfw-sync").exists()
    code, text = run("disk_write", disk)
    assert (code, "可以卸载" in text) == (0, True)
    assert run("disk_verify", disk)[0] == 0
    (disk / "zwfw-sync" / zips(disk)[0]).unlink()
    assert run("disk_verify", disk)[0] == 3
    for command in ("disk_plan", "disk_write", "disk_verify", "disk_read"):
        assert "是否已接好" in complaint(command, disk / "none")
