"""What goes on which disk, and what goes on none."""

from pathlib import Path

import pytest

from sync import batch_out
from sync.models import Delivery
from sync.transports.disk import limits, plan
from tests.sync.disk.parts import a_disk, seal
from tests.sync.peer import Peer

pytestmark = pytest.mark.usefixtures("topic")


GIB = 1024**3


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


def test_a_name_that_is_not_safe_goes_on_no_disk(tmp_path: Path) -> None:
    made = plan.make([a_disk(tmp_path, GIB)], [an_item(1, 1, "批.zip"), an_item(2, 1)])
    assert [(left.item.name, left.why) for left in made.left] == [("批.zip", "文件名不能用在移动盘上")]


@pytest.mark.parametrize(("there", "fits"), [(100_000, True), (1, False), (None, False)])
def test_only_a_file_of_the_same_size_uses_no_more_room(tmp_path: Path, there: int | None, fits: bool) -> None:
    disk, item = a_disk(tmp_path, 70_000), an_item(1, 100_000)
    disk.folder.mkdir()
    if there is not None:
        (disk.folder / item.name).write_bytes(bytes(there))
    assert (plan.make([disk], [item]).left == []) is fits


def test_lines_of_the_table_that_are_none() -> None:
    table = (
        "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "40 22 8:17 / /media/usb rw,nosuid\n"  # no description
        "40 22 8:17 / - vfat /dev/sdb1 rw\n"  # no place
        "- vfat\n - \n\n"
    )
    assert limits.filesystem_of(Path("/media/usb/x"), table) == "ext4"


def test_no_disk_there(tmp_path: Path) -> None:
    with pytest.raises(limits.NoDisk, match="找不到"):
        limits.look_at(tmp_path / "unmounted")


def test_a_heartbeat_with_something_behind_it_ends_no_disk(peer: Peer) -> None:
    """It would say of what follows that it was never sealed."""
    [beat] = batch_out.seal_all(batch_out.outgoing_folder(), heartbeat=True)
    assert plan.seal_heartbeat() == beat
    [later] = seal(1)
    for volume in batch_out.volumes_of(later):
        Delivery.objects.create(channel=plan.CHANNEL, volume=volume)
    assert plan.waiting(everything=False) == [beat]
    assert plan.seal_heartbeat().seq == 3
