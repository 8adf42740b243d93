"""The folder pair of a gate: emptied at any time, renamed, copied slowly, delivered twice, on another disk."""

import errno
import os
from pathlib import Path

import pytest

from sync import arrivals, batch_out, intake, manifest, notes, outbox, peers, receipt_files, status
from sync.models import Batch, Quarantine
from sync.reasons import Refused
from sync.transports import outgoing
from sync.transports.folder import FolderGone, FolderPair
from tests.sync.conftest import rows
from tests.sync.peer import TOPIC, Peer
from tests.sync.peer_notes import receipt_note

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture
def pair(peer: Peer, tmp_path: Path) -> FolderPair:
    pair = FolderPair(tmp_path / "from-outer", tmp_path / "to-outer", patience=2)
    pair.make()
    return pair


def seal(n: int = 1) -> Batch:
    outbox.record(TOPIC, "k:1", {"n": n})
    [batch] = batch_out.seal_all(batch_out.outgoing_folder())
    return batch


def arrive(pair: FolderPair, path: Path, name: str = "") -> Path:
    return path.rename(pair.source / (name or path.name))


def take(pair: FolderPair) -> list[str]:
    states = []
    for group in pair.arrived():
        states += [outcome.state for outcome in arrivals.open_arrived(group)]
        pair.put_away(group)
    return states


def test_a_file_appears_whole(pair: FolderPair, peer: Peer) -> None:
    batch = seal()
    pair.send(batch, outgoing.files_of(batch))
    [file] = pair.target.iterdir()
    assert peer.read(file, peers.site_keys().card)[0].seq == 1


def test_gate_may_empty_the_folder_at_any_time(pair: FolderPair, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = seal()
    replace = Path.replace

    def emptied(part: Path, target: Path) -> Path:
        part.unlink()
        return replace(part, target)

    with monkeypatch.context() as gate:
        gate.setattr(Path, "replace", emptied)
        with pytest.raises(FileNotFoundError):
            pair.send(batch, outgoing.files_of(batch))
    pair.send(batch, outgoing.files_of(batch))
    for volume in outgoing.volumes_of(batch, pair.name):
        outgoing.delivered(pair.name, volume)
    for file in pair.target.iterdir():
        file.unlink()
    assert list(outgoing.waiting(pair.name)) == []  # taken by the gate: nothing is lost, nothing is sent again


def test_sealed_file_that_vanished_is_made_again(pair: FolderPair) -> None:
    batch = seal()
    outgoing.files_of(batch)[0].unlink()
    pair.send(batch, outgoing.files_of(batch))
    batch.refresh_from_db()
    assert (batch.revision, len(list(pair.target.iterdir()))) == (2, 1)


def test_file_made_anew_goes_out_again(pair: FolderPair) -> None:
    batch = seal()
    for volume in outgoing.volumes_of(batch, pair.name):
        outgoing.delivered(pair.name, volume)
    batch_out.again(1, 1)
    batch_out.seal_all(batch_out.outgoing_folder())
    assert [waiting.seq for waiting in outgoing.waiting(pair.name)] == [1]
    assert [waiting.seq for waiting in outgoing.waiting("another")] == [1]


def test_missing_folder_is_never_made(pair: FolderPair) -> None:
    """An empty folder in place of an unmounted share would swallow everything."""
    pair.target.rmdir()
    pair.source.rmdir()
    with pytest.raises(FolderGone):
        pair.prepare()
    with pytest.raises(FolderGone):
        pair.send(seal(), [])
    with pytest.raises(FolderGone):
        list(pair.arrived())
    assert not pair.target.exists()


def test_renamed_files(pair: FolderPair, peer: Peer) -> None:
    arrive(pair, peer.batch(), "b.dat")
    arrive(pair, peer.batch(), "a.zip")
    assert take(pair) == ["applied", "applied"]
    assert rows() == ["k:1#1", "k:1#2"]


def test_delivered_twice(pair: FolderPair, peer: Peer) -> None:
    path = peer.batch()
    data = path.read_bytes()
    arrive(pair, path)
    (pair.source / "copy.zip").write_bytes(data)
    assert sorted(take(pair)) == ["applied", "duplicate"]
    (pair.source / path.name).write_bytes(data)
    assert take(pair) == ["duplicate"]
    assert len(list((pair.source / "done").iterdir())) == 2
    assert rows() == ["k:1#1"]


def test_another_file_of_the_same_name_replaces_nothing(pair: FolderPair, peer: Peer) -> None:
    for _ in range(2):
        arrive(pair, peer.batch(), "batch.zip")
        take(pair)
    assert sorted(path.name for path in (pair.source / "done").iterdir()) == ["batch.zip", "batch~2.zip"]


def test_copied_slowly(pair: FolderPair, peer: Peer) -> None:
    path = peer.batch()
    data, slow = path.read_bytes(), pair.source / path.name
    for end in range(0, len(data), max(len(data) // 7, 1)):
        slow.write_bytes(data[:end])
        assert take(pair) == []
        assert take(pair) == []
    slow.write_bytes(data)
    assert take(pair) == ["applied"]


def test_cut_file_is_refused_after_some_rounds_and_a_good_copy_accepted(pair: FolderPair, peer: Peer) -> None:
    path = peer.batch()
    data = path.read_bytes()
    (pair.source / path.name).write_bytes(data[:900])
    assert [take(pair) for _ in range(3)] == [[], [], ["refused"]]
    assert Quarantine.objects.get().code == "truncated"
    (pair.source / path.name).write_bytes(data)
    assert take(pair) == ["applied"]


@pytest.mark.parametrize("length", [0, 3, 21])
def test_a_file_of_a_few_bytes_is_a_cut_one(pair: FolderPair, peer: Peer, length: int) -> None:
    """Too short for the end of a ZIP: not taken for a disk that cannot be read, which nobody would ever look at again."""
    path = arrive(pair, peer.batch())
    path.write_bytes(path.read_bytes()[:length])
    assert (take(pair), take(pair), pair.complaints()) == ([], [], [])
    assert take(pair) == ["refused"]


def test_part_files_and_folders_are_left_alone(pair: FolderPair) -> None:
    (pair.source / "x.zip.part").write_bytes(b"PK\x03\x04")
    (pair.source / ".hidden.zip").write_bytes(b"PK\x03\x04")
    (pair.source / "folder.zip").mkdir()
    (pair.source / "说明.txt").write_text("你好")
    assert [take(pair) for _ in range(4)] == [[]] * 4


def test_unreadable_file_is_told_once(pair: FolderPair, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = pair.source / "bad.zip", peer.batch()
    bad.write_bytes(b"x")
    arrive(pair, good)
    plain = Path.open

    def broken(path: Path, *words: str, **more: str) -> object:
        if path == bad:
            raise OSError(errno.EIO, "bad sector", str(path))
        return plain(path, *words, **more)

    with monkeypatch.context() as disk:
        disk.setattr(Path, "open", broken)
        assert take(pair) == ["applied"]
        assert ["磁盘读写出错" in line for line in pair.complaints()] == [True]
        assert take(pair) == []
        assert pair.complaints() == []
        os.truncate(bad, 2)  # it has changed: worth another word
        take(pair)
        assert len(pair.complaints()) == 1


def test_file_taken_back_while_looking(pair: FolderPair, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    file = arrive(pair, peer.batch())
    plain = Path.stat

    def gone(path: Path, **more: bool) -> os.stat_result:
        if path == file:
            raise FileNotFoundError(errno.ENOENT, "gone")
        return plain(path, **more)

    with monkeypatch.context() as gate:
        gate.setattr(Path, "stat", gone)
        assert take(pair) == []
    assert pair.complaints() == []


def test_receive_folder_on_another_disk(pair: FolderPair, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(pair, peer.batch())
    (pair.source / "bad.zip").write_bytes(b"PK\x03\x04" + b"x" * 100 + b"PK\x05\x06" + b"y" * 18)
    replace = Path.replace

    def across(path: Path, target: Path) -> Path:
        if (pair.source in path.parents) != (pair.source in target.parents):
            raise OSError(errno.EXDEV, "cross-device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", across)
    assert sorted(take(pair)) == ["applied", "refused"]
    assert [path.name for path in pair.source.iterdir()] == ["done"]
    assert Path(Quarantine.objects.get().kept_as).is_file()


def test_read_only_share_is_opened_once(pair: FolderPair, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(pair, peer.batch())
    plain = Path.replace

    def protected(path: Path, target: Path) -> Path:
        if pair.source in path.parents:
            raise OSError(errno.EROFS, "read-only", str(path))
        return plain(path, target)

    monkeypatch.setattr(Path, "replace", protected)
    assert [take(pair), take(pair)] == [["applied"], []]
    assert len(pair.complaints()) == 1


def test_our_receipt_lies_in_the_folder(pair: FolderPair, peer: Peer) -> None:
    pair.prepare()
    assert list(pair.target.iterdir()) == []
    arrive(pair, peer.batch())
    take(pair)
    pair.prepare()
    [file] = pair.target.iterdir()
    assert len(file.name) <= 48
    assert file.name.isascii()
    assert notes.looks_like_one(file)
    file.unlink()
    pair.prepare()
    assert list(pair.target.iterdir()) == []  # nothing new to say


def test_their_receipt_file_acknowledges(pair: FolderPair, peer: Peer) -> None:
    batch = seal()
    (pair.source / "r.txt").write_bytes(receipt_note(peer, batch))
    assert take(pair) == ["applied"]
    assert status.outgoing().acknowledged == 1
    assert [path.name for path in (pair.source / "done").iterdir()] == ["r.txt"]


def test_receipt_file_still_being_copied(pair: FolderPair, peer: Peer) -> None:
    data = receipt_note(peer, seal())
    (pair.source / "r.txt").write_bytes(data[:-1])
    assert take(pair) == []
    (pair.source / "r.txt").write_bytes(data)
    assert take(pair) == ["applied"]


@pytest.mark.parametrize("name", ["outer.trust", "信任文件", "r.txt.copying"])
def test_signed_texts_of_other_names_are_left_for_whoever_knows_them(pair: FolderPair, peer: Peer, name: str) -> None:
    """A trust file that was laid into the gate is no forged receipt: nobody moves it away before it is used."""
    (pair.source / name).write_bytes(receipt_note(peer, seal()))
    assert take(pair) == []
    assert (pair.source / name).exists()


def test_forged_receipt_file(pair: FolderPair, peer: Peer, tmp_path: Path) -> None:
    data = receipt_note(peer, seal())
    stranger = Peer(tmp_path / "stranger", "outer", peer.recipient)
    forged = {
        "unknown_key": receipt_note(stranger, Batch.objects.get()),
        "bad_signature": data.replace(b'"applied_seq":1', b'"applied_seq":9'),
        "bad_note": data[1:],
        "too_large": data[:-1] + b" " * notes.LARGEST + b"\n",
        "reflected": own_receipt(peer),
    }
    for code, note in forged.items():
        with pytest.raises(Refused) as caught:
            receipt_files.take(note)
        assert caught.value.code == code
    (pair.source / "r.txt").write_bytes(forged["bad_signature"])
    assert take(pair) == ["refused"]
    assert Quarantine.objects.get().code == "bad_signature"
    assert not (pair.source / "r.txt").exists()
    assert status.outgoing().acknowledged == 0


@pytest.mark.parametrize("change", [{"sender": "inner"}, {"sender": "third"}, {"recipient": "third"}])
def test_a_receipt_of_the_peer_for_another_site_acknowledges_nothing(change: dict[str, str], peer: Peer) -> None:
    """It signs with one key for all to whom it sends: what it says to a third one must not count here."""
    _, body = notes.split(receipt_note(peer, seal()))
    other = manifest.read(manifest.ReceiptNote, body).model_copy(update=change)
    with pytest.raises(Refused) as caught:
        receipt_files.take(notes.pack(receipt_files.CONTEXT, other, peer.keys))
    assert caught.value.code == "wrong_recipient"
    assert status.outgoing().acknowledged == 0


def test_a_receipt_file_before_the_first_batch_of_the_peer(pair: FolderPair, peer: Peer) -> None:
    """It tells of a stream that nobody here has heard of; what it acknowledges counts all the same."""
    said = {"stream": str(peer.stream), "seq": 3, "rseq": 3, "chain": "0" * 64, "backed_up_seq": 2, "seen": 0}
    (pair.source / "r.txt").write_bytes(receipt_note(peer, seal(), sent=said))
    assert take(pair) == ["applied"]
    assert status.outgoing().acknowledged == 1


def own_receipt(peer: Peer) -> bytes:
    intake.open_path(peer.batch())
    newest = receipt_files.newest()
    assert newest
    return newest[2]


def test_a_text_that_is_no_receipt_stays_where_it_is(pair: FolderPair) -> None:
    note = pair.source / "读我.txt"
    note.write_text("请勿删除本文件夹\n")
    for _ in range(5):
        assert list(pair.arrived()) == []
    assert note.is_file()
    assert not Quarantine.objects.exists()


def test_a_zip_that_is_none_is_refused_after_some_rounds(pair: FolderPair) -> None:
    """It would lie there for ever, and nobody would hear of it."""
    (pair.source / "batch.zip").write_bytes(b"an error page of the gate")
    states = [state for _ in range(5) for state in take(pair)]
    assert states == ["refused"]
    assert Quarantine.objects.get().code == "not_a_batch"


def test_a_receipt_cut_behind_its_signature_is_still_being_copied(pair: FolderPair, peer: Peer) -> None:
    whole = receipt_note(peer, seal())
    path = pair.source / "receipt.txt"
    for length in (whole.index(b"\n") + 1, len(whole) - 1):
        path.write_bytes(whole[:length])
        assert take(pair) == []
    path.write_bytes(whole)
    assert take(pair) == ["applied"]


def test_a_receipt_with_something_behind_it_is_refused(pair: FolderPair, peer: Peer) -> None:
    (pair.source / "receipt.txt").write_bytes(receipt_note(peer, seal()) + b"more")
    assert take(pair) == ["refused"]
