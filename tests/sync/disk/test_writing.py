"""Written and read back, the heartbeat last; pulled out, full or lying disks count for nothing."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sync import durable
from sync.models import Batch
from sync.transports import outgoing
from sync.transports.disk import contents, copying, limits, reading, writing
from tests.sync.disk.parts import a_disk, names, seal, write, zips

pytestmark = pytest.mark.usefixtures("topic")


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


@pytest.mark.parametrize(
    "failure",
    [OSError(errno.EINVAL, "name"), OSError(errno.EILSEQ, "name"), UnicodeEncodeError("ascii", "目录", 0, 1, "name")],
    ids=str,
)
def test_a_disk_that_takes_no_chinese_names_has_the_table_under_another(
    failure: Exception, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _refusing(contents.FOR_PEOPLE, failure, monkeypatch)
    seal(1)
    assert write(disk) == [""]
    assert contents.FALLBACK in names(disk)
    assert contents.FOR_PEOPLE not in names(disk)


def test_a_full_disk_is_not_taken_for_one_without_chinese_names(disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _refusing(contents.FOR_PEOPLE, OSError(errno.ENOSPC, "full"), monkeypatch)
    seal(1)
    [problem] = write(disk)
    assert "空间不足" in problem
    assert contents.FALLBACK not in names(disk)


def _refusing(name: str, failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    put = contents._put

    def refused(path: Path, data: bytes) -> None:
        if path.name == name:
            raise failure
        put(path, data)

    monkeypatch.setattr(contents, "_put", refused)
