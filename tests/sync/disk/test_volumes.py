"""The volumes of one batch on several disks: planned, named in the tables, read in any order, the missing ones told."""

import json
import shutil
from pathlib import Path

import pytest
from pytest_django import Settings

from sync import keys, manifest
from sync.models import Quarantine, SentVolume
from sync.transports.disk import contents, copying, limits, plan, reading, words, writing
from sync.transports.disk.limits import Disk
from tests.sync import several
from tests.sync.conftest import rows
from tests.sync.peer import Peer
from tests.sync.test_commands import run

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def disks(peer: Peer, tmp_path: Path) -> list[Path]:
    roots = [tmp_path / name for name in ("a", "b", "c")]
    for root in roots:
        root.mkdir()
    return roots


@pytest.fixture
def room_for_two(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each disk has room for two volumes and the heartbeat."""
    settings.HALL_BATCH_VOLUME_MB = 2

    def look_at(root: Path) -> Disk:
        largest = max(SentVolume.objects.values_list("size", flat=True))
        return Disk(root, "exfat", limits.RESERVE + 2 * largest + plan.HEARTBEAT_ROOM, 4096, None)

    monkeypatch.setattr(limits, "look_at", look_at)


def volumes_on(root: Path, seq: int = 1) -> list[int]:
    return several.numbers(list((root / limits.FOLDER).glob(f"*-{seq:010d}-*.zip")))


def write(*roots: Path) -> list[str]:
    return [result.problem for result in writing.write(writing.prepare(list(roots)))]


@pytest.mark.usefixtures("room_for_two")
def test_one_batch_over_two_disks(disks: list[Path], site: keys.SiteKeys) -> None:
    batch = several.seal()
    made = writing.prepare(disks[:2])
    assert [result.problem for result in writing.write(made)] == ["", ""]
    assert [volumes_on(root) for root in disks[:2]] == [[1, 2, 4], [3]]  # the last one is small
    assert "第 1 批共 4 卷，其中第 1–2、4 卷" in words.of_plan(made)[0]
    index = contents.read(disks[1] / limits.FOLDER, site.card, None)
    assert index
    listed = {(entry.seq, entry.vol, entry.of): (entry.size, entry.sha256) for entry in index.files if entry.seq == 1}
    sent = {(1, volume.vol, 4): (volume.size, volume.sha256) for volume in batch.volumes.filter(vol=3)}
    assert listed == sent
    for_people = (disks[1] / limits.FOLDER / "目录.txt").read_text()
    assert "第 1 批第 3 卷" in for_people
    assert "第 1 批共 4 卷，本盘有第 3 卷，其余不在本盘。" in for_people
    assert "本盘有第 3 卷" in run("disk_verify", disks[1])[1]


@pytest.mark.usefixtures("room_for_two")
def test_what_had_no_room_goes_on_the_next_journey_alone(disks: list[Path]) -> None:
    several.seal()
    made = writing.prepare(disks[:1])
    assert [line for line in words.of_plan(made) if line.startswith("放不下：第 1 批第 3 卷")]
    writing.write(made)
    assert volumes_on(disks[0]) == [1, 2, 4]
    assert write(disks[1]) == [""]
    assert volumes_on(disks[1]) == [3]
    assert write(disks[2]) == [""]
    assert volumes_on(disks[2]) == []


@pytest.mark.usefixtures("room_for_two")
def test_volumes_of_a_bad_disk_go_again(disks: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    several.seal()
    copy = copying.copy

    def broken(source: Path, target: Path) -> str:
        if disks[1] in target.parents:
            raise OSError(5, "gone")
        return copy(source, target)

    with monkeypatch.context() as bad:
        bad.setattr(copying, "copy", broken)
        assert [bool(problem) for problem in write(*disks[:2])] == [False, True]
    assert write(disks[2]) == [""]
    assert volumes_on(disks[2]) == [3]


# --- the reading side


@pytest.fixture
def theirs(peer: Peer, disks: list[Path]) -> list[Path]:
    """Two disks of the peer: volumes 1 and 4 of its batch on one, 2, 3 and once more 4 on the other."""
    paths = several.of_the_peer(peer)
    for number, (root, vols) in enumerate(zip(disks, ([1, 4], [2, 3, 4]), strict=False), 1):
        lay(peer, root, number, [paths[vol - 1] for vol in vols])
    return disks[:2]


def lay(peer: Peer, root: Path, number: int, paths: list[Path]) -> None:
    folder = root / limits.FOLDER
    folder.mkdir()
    entries = []
    for path in paths:
        target = Path(shutil.copy(path, folder))
        digest, size = copying.digest_of(target), target.stat().st_size
        [vol] = several.numbers([path])
        entries.append(contents.Entry(name=path.name, seq=1, vol=vol, of=4, size=size, sha256=digest))
    head = manifest.StreamHead(stream=str(peer.stream), seq=1, rseq=1, chain=peer.chain.hex())
    index = contents.Index(
        sender="outer", recipient="inner", journey="0" * 16, disk=number, disks=2, files=entries, head=head
    )
    contents.write(folder, index, peer.keys)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_applied_after_the_second_disk(theirs: list[Path], order: tuple[int, int]) -> None:
    first, second = (theirs[at] for at in order)
    code, text = run("disk_read", first)
    lacking = "第 2–3 卷" if order == (0, 1) else "第 1 卷"
    assert (code, f"第 1 批还缺{lacking}，到齐后自动应用。" in text, rows()) == (2, True, [])
    code, text = run("disk_read", second)
    assert (code, "还缺第" in text.splitlines()[-1], rows()) == (0, False, ["k:1#1"])
    assert Quarantine.objects.count() == 0


def test_both_disks_at_once(theirs: list[Path]) -> None:
    code, text = run("disk_read", *theirs, "--json")
    answer = json.loads(text)
    assert (code, answer["exit"], answer["missing_volumes"], rows()) == (0, 0, [], ["k:1#1"])


def test_last_volume_missing_is_told_as_the_end(peer: Peer, disks: list[Path]) -> None:
    lay(peer, disks[0], 1, several.of_the_peer(peer)[:2])
    assert "第 1 批还缺第 3 卷起直到末卷，到齐后自动应用。" in run("disk_read", disks[0])[1]


def test_damaged_volume_is_named_and_the_others_stay(theirs: list[Path], peer: Peer) -> None:
    bad = next((theirs[1] / limits.FOLDER).glob("*-0002.zip"))
    whole = several.damage(bad)
    assert reading.verify(theirs[1]).complaints == [f"第 1 批第 2 卷的 {bad.name} 与目录不符，已损坏。"]
    code, text = run("disk_read", *theirs)
    assert (code, "第 1 批还缺第 2 卷" in text, rows()) == (3, True, [])
    assert Quarantine.objects.get().code == "bad_crc"
    bad.write_bytes(whole)
    assert run("disk_read", theirs[1])[0] == 0
    assert rows() == ["k:1#1"]


def test_volume_that_is_not_on_its_disk(theirs: list[Path]) -> None:
    gone = next((theirs[1] / limits.FOLDER).glob("*-0003.zip"))
    gone.unlink()
    assert reading.verify(theirs[1]).complaints == [f"盘上缺少第 1 批第 3 卷的 {gone.name}。"]
    code, text = run("disk_read", *theirs)
    assert (code, f"盘上缺少第 1 批第 3 卷的 {gone.name}。" in text, "第 1 批还缺第 3 卷" in text) == (3, True, True)
