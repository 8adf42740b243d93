"""A backup counts when all of it was read back: until then the peer is told of nothing, and deletes nothing."""

import hashlib
from pathlib import Path

import pytest

from sync import backup, canonical, database_dump
from sync.models import Receipt, Stream
from tests.sync.conftest import open_one
from tests.sync.peer import Peer

pytestmark = [pytest.mark.usefixtures("topic"), pytest.mark.django_db(transaction=True)]


def told() -> tuple[int, int]:
    """How far the backups of this site reach, and how many receipts have said so."""
    return Stream.objects.get(direction="in").durable_seq, Receipt.objects.count()


def test_a_good_one_is_told_of(peer: Peer, tmp_path: Path) -> None:
    open_one(peer.batch())
    _, receipts = told()
    backup.make(tmp_path / "today")
    assert told() == (1, receipts + 1)


def test_a_disk_that_wrote_something_else(peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_one(peer.batch())
    before, write_sums = told(), backup._write_sums

    def spoilt(target: Path, sums: dict[str, str], heads: database_dump.Heads) -> None:
        write_sums(target, sums, heads)
        [kept] = (target / "archive").glob("*.zip")
        kept.write_bytes(kept.read_bytes()[:-1] + b"?")

    monkeypatch.setattr(backup, "_write_sums", spoilt)
    with pytest.raises(backup.BackupFailed, match="缺失或已损坏"):
        backup.make(tmp_path / "today")
    assert told() == before


def test_a_database_that_was_broken_when_it_was_copied(peer: Peer, tmp_path: Path) -> None:
    """Every byte is as it was written, and nothing can be restored from it."""
    open_one(peer.batch())
    folder = backup.make(tmp_path / "today").folder
    backup.check(folder)
    database = folder / database_dump.name()
    database.write_bytes(database.read_bytes()[: database.stat().st_size // 2])
    manifest = canonical.decode((folder / backup.MANIFEST).read_bytes().strip())
    sums = (folder / backup.SUMS).read_text().splitlines()
    digest = hashlib.sha256(database.read_bytes()).hexdigest()
    text = "".join(
        f"{digest}  {database.name}\n" if one.endswith(f"  {database.name}") else f"{one}\n" for one in sums
    ).encode()
    (folder / backup.SUMS).write_bytes(text)
    manifest["sums"] = hashlib.sha256(text).hexdigest()
    (folder / backup.MANIFEST).write_bytes(canonical.encode(manifest) + b"\n")
    with pytest.raises(database_dump.DumpFailed):
        backup.check(folder)
