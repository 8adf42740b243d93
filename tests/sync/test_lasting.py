"""What a step has answered for is on the disk when it ends: a power cut one moment later takes nothing of it."""

import io
import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO

import pytest

from sync import (
    backup,
    batch_out,
    blobs,
    durable,
    half_files,
    key_change,
    keys,
    large_files,
    marks,
    outbox,
    own_keys,
    peers,
)
from sync.reasons import Refused
from sync.transports.disk import copying, writing
from sync.transports.folder import FolderPair
from tests.sync.conftest import open_one
from tests.sync.ledger import power
from tests.sync.peer import TOPIC, Peer, line, name_of

pytestmark = pytest.mark.usefixtures("topic")
SCAN = b"a scan" * 1000


@pytest.fixture
def taken(peer: Peer) -> Iterator[Callable[[], list[str]]]:
    """What a power cut would take now."""
    with power.watched() as found:
        yield found


def test_watching_sees_what_would_be_lost(taken: Callable[[], list[str]], tmp_path: Path) -> None:
    folder, file = tmp_path / "made", tmp_path / "written"
    folder.mkdir()
    file.write_bytes(b"x")
    os.link(file, folder / "second")
    assert taken() == [str(folder), str(folder / "second"), str(file)]
    durable.fsync_dir(tmp_path)
    durable.fsync_dir(folder)
    assert taken() == [str(file)]
    with file.open("rb") as handle:
        os.fsync(handle.fileno())
    assert taken() == []
    (folder / "second").rename(folder / "third")
    assert taken() == [str(folder / "third")]


def test_sealed_and_offered(taken: Callable[[], list[str]], tmp_path: Path) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1}, blobs=[blobs.put(io.BytesIO(SCAN))])
    [batch] = batch_out.seal_all(tmp_path / "far" / "disk")
    assert Path(batch.file_path).is_file()
    assert marks.path().is_file()
    assert taken() == []


def test_marked(taken: Callable[[], list[str]], tmp_path: Path) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    batch_out.seal_all(tmp_path / "disk")
    marks.path().unlink()
    marks.rebuild()
    assert taken() == []
    outbox.record(TOPIC, "k:1", {"n": 2})
    batch_out.seal_all(tmp_path / "disk")
    assert marks.path().read_bytes().count(b"\n") == 2
    assert taken() == []


def test_received_with_an_attachment(taken: Callable[[], list[str]], peer: Peer) -> None:
    path = peer.batch([line(1, blobs=[name_of(SCAN)])], blobs={name_of(SCAN): SCAN})
    for written in taken():  # the peer's own affair
        descriptor = os.open(written, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
    durable.fsync_dir(path.parent)
    durable.fsync_dir(peer.home)
    assert open_one(path).state == "applied"
    assert blobs.exists(name_of(SCAN))
    assert taken() == []


def test_refused(taken: Callable[[], list[str]], tmp_path: Path, data_dir: Path) -> None:
    path = tmp_path / "outer2inner-deadbeef-0000000001.zip"
    path.write_bytes(b"no batch")
    open_one(path)
    assert [one for one in taken() if one != str(path)] == []
    assert list((data_dir / "batches" / "quarantine").rglob("*.zip"))


def test_half_of_a_file(taken: Callable[[], list[str]], data_dir: Path) -> None:
    target = data_dir / "batches" / "arriving.zip"
    durable.make_folder(target.parent)
    with pytest.raises(Refused, match="cut"):
        half_files.append(target, io.BytesIO(SCAN[:-1]).read, len(SCAN), sha256(SCAN).hexdigest())
    assert half_files.kept() == [(sha256(SCAN).hexdigest(), len(SCAN) - 1)]


def test_whole_file_that_came(taken: Callable[[], list[str]], data_dir: Path) -> None:
    target = data_dir / "batches" / "arriving.zip"
    durable.make_folder(target.parent)
    half_files.append(target, io.BytesIO(SCAN).read, len(SCAN), sha256(SCAN).hexdigest())
    durable.move(target, target.with_name("came.zip"))
    assert taken() == []


def test_copied_to_a_disk(taken: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read back before it is on the disk comes from memory, and says nothing of the disk."""
    source, digest = tmp_path / "source", large_files.digest_of
    source.write_bytes(SCAN)
    durable.copy(source, tmp_path / "source that lasts")
    not_yet: list[bool] = []

    def read_back(handle: IO[bytes]) -> str:
        not_yet.extend(name.endswith(".part") for name in taken() if "target" in name and name in power.written())
        return digest(handle)

    monkeypatch.setattr(large_files, "digest_of", read_back)
    copying.copy(source, tmp_path / "target")
    assert not_yet == []


@pytest.mark.parametrize("suite", ["intl", "clear"])
def test_keys_that_follow(taken: Callable[[], list[str]], tmp_path: Path) -> None:
    own_keys.prepare()
    assert taken() == []
    batch_out.seal_all(tmp_path / "disk")
    assert peers.site_keys().older_signers
    assert taken() == []


def test_keys_of_a_new_site(taken: Callable[[], list[str]], data_dir: Path) -> None:
    home = data_dir.with_name("fresh")
    keys.create(home, "outer")
    assert taken() == []


def test_stolen_keys_are_kept_before_the_new_ones_take_their_place(
    site: keys.SiteKeys, taken: Callable[[], list[str]], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_change.make_fresh(data_dir, "")
    place, kept = keys.folder(data_dir), []
    replace = Path.replace

    def watched(source: Path, target: Path) -> Path:
        if target == place / keys.SIGN_FILE:
            kept.append([Path(name).name for name in taken()])
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", watched)
    key_change.replace_at_once(data_dir, site.card)
    assert kept == [[]]
    assert taken() == []


def test_a_destroyed_key_stays_destroyed(site: keys.SiteKeys, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, folders = keys.folder(data_dir) / f"sync_sign.{site.card.sign_id}.pem", []
    old.write_bytes(b"an old key")
    monkeypatch.setattr(durable, "fsync_dir", lambda folder: folders.append((folder, old.exists())))
    assert key_change.drop(data_dir, keys.SIGN_FILE, site.card.sign_id)
    assert folders == [(old.parent, False)]


@pytest.mark.django_db(transaction=True)
def test_backup(taken: Callable[[], list[str]], peer: Peer, tmp_path: Path) -> None:
    """The peer deletes what it is told that a backup holds."""
    open_one(peer.batch())
    before = taken()
    backup.make(tmp_path / "backups" / "today")
    assert [name for name in taken() if name not in before] == []


def test_folders_of_a_gate(taken: Callable[[], list[str]], tmp_path: Path) -> None:
    FolderPair(tmp_path / "gate" / "in", tmp_path / "gate" / "out").make()
    assert taken() == []


def test_carried_disk(taken: Callable[[], list[str]], peer: Peer, tmp_path: Path) -> None:
    """Somebody pulls it out the moment that he is told it is done."""
    disk = tmp_path / "disk"
    disk.mkdir()
    durable.fsync_dir(tmp_path)
    outbox.record(TOPIC, "k:1", {"n": 1})
    batch_out.seal_all(batch_out.outgoing_folder())
    assert [result.problem for result in writing.write(writing.prepare([disk], everything=False))] == [""]
    assert [name for name in taken() if name.startswith(str(disk))] == []
