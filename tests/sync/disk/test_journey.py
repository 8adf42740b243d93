"""A whole journey, and the four commands."""

import json
from pathlib import Path

import pytest

from sync import keys
from sync.transports.disk import contents
from tests.sync.disk.parts import seal, write, zips
from tests.sync.peer import Peer
from tests.sync.test_commands import complaint, run

pytestmark = pytest.mark.usefixtures("topic")


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
