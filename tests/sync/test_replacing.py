"""Other keys at once after a theft: nothing is signed by an old one any more, wherever the work is broken off."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync import batch_out, key_change, keys, outbox, own_keys, peers, replacing, revoked, root_key, suites, trust_files
from sync.key_files import NoKeys
from sync.models import Batch, Delivery, SentVolume, Stream
from sync.reasons import CannotProceed
from sync.replacing import NoReason
from tests.sync.conftest import open_one
from tests.sync.peer import TOPIC, Peer
from tests.sync.stolen import SECRET
from tests.sync.test_commands import complaint, run
from tests.sync.test_rotation import seal, signer_of

pytestmark = pytest.mark.usefixtures("topic")
WHY = "服务器被入侵"


class Killed(BaseException):
    """The process is gone."""


def listed(data_dir: Path) -> set[str]:
    return {revoked.key_id(key) for key in revoked.read(data_dir / "keys")}


@pytest.mark.parametrize("suite", suites.NAMES)
def test_everything_is_taken_back(suite: str, db: None, data_dir: Path, tmp_path: Path) -> None:
    keys.create(data_dir, "inner", suite)
    peer = Peer(tmp_path / "outer", "outer", keys.load(data_dir, "inner").card, suite=suite)
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint)
    seal(tmp_path / "a", 1)
    own_keys.prepare()
    seal(tmp_path / "a", 2)
    own_keys.prepare()
    old = peers.site_keys()
    assert old.following
    waiting = peer.batch()  # sealed to the first key of all
    assert replacing.replace(WHY) == 2
    new = peers.site_keys()
    signers = {old.card.sign_id, old.older_signers[0].id(), old.following.signer.id()}
    openers = {key.id() for key in (old.opener, *old.older_openers, old.following.opener) if key}
    assert listed(data_dir) == signers | openers
    assert {key.reason for key in revoked.read(data_dir / "keys")} == {WHY}
    stream = Stream.objects.get(direction="out")
    ends = {revoked.key_id(key): (key.stream, key.from_seq) for key in revoked.read(data_dir / "keys")}
    assert ends[old.card.sign_id] == (str(stream.epoch), 3)
    assert ends[old.older_signers[0].id()] == (str(stream.epoch), 3)
    assert ends[old.following.signer.id()] == ("", 0)
    assert (new.older_signers, new.following) == ((), None)
    assert new.card.sign_id not in signers
    assert new.card.seal_id not in openers
    assert all(new.signs(name) for name in signers)  # what comes back signed by them is reflected
    assert open_one(waiting).state == "applied"
    again = batch_out.seal_all(tmp_path / "b")
    assert [signer_of(Path(batch.file_path)) for batch in again] == [new.card.sign_id] * 3
    assert [batch.revision for batch in again] == [2, 2, 1]  # the last one carries a receipt for what was opened


def test_an_older_key_ends_behind_the_batch_that_announced_the_next(peer: Peer, data_dir: Path, tmp_path: Path) -> None:
    """Whoever has applied a later batch signed by it has applied a forgery, and must be told so."""
    old = peers.site_keys().card
    own_keys.prepare()
    for n in (1, 2, 3):
        seal(tmp_path / "a", n)
    present = peers.site_keys().card
    replacing.replace(WHY)
    ends = {revoked.key_id(key): key.from_seq for key in revoked.read(data_dir / "keys")}
    assert (ends[old.sign_id], ends[present.sign_id]) == (2, 4)


def test_files_are_private_and_the_stolen_ones_kept(peer: Peer, data_dir: Path) -> None:
    old = peers.site_keys().card
    replacing.replace(WHY)
    folder = data_dir / "keys"
    assert (folder / f"sync_sign.{old.sign_id}.revoked.pem").is_file()
    assert (folder / f"sync_seal.{old.seal_id}.pem").is_file()
    assert not list(folder.glob("*.fresh.pem"))
    for path in (*folder.glob("*.pem"), folder / revoked.FILE):
        assert path.stat().st_mode & 0o777 == 0o600


def test_our_own_stolen_key_against_us(peer: Peer, data_dir: Path, tmp_path: Path) -> None:
    own = Peer(data_dir, "inner", peers.site_keys().card)
    replacing.replace(WHY)
    assert open_one(own.batch()).code == "reflected"


def test_acknowledged_batches_are_made_anew_only_when_asked_for(peer: Peer, tmp_path: Path) -> None:
    seal(tmp_path / "a", 1)
    Batch.objects.update(state=Batch.State.ACKNOWLEDGED)
    kept = Path(SentVolume.objects.get().file_path)
    assert replacing.replace(WHY) == 0
    assert not kept.exists()
    assert batch_out.seal_all(tmp_path / "b") == []
    batch_out.again(1, 1)
    [batch] = batch_out.seal_all(tmp_path / "b")
    assert signer_of(Path(batch.file_path)) == peers.site_keys().card.sign_id


def test_the_courier_carries_them_again(peer: Peer, tmp_path: Path) -> None:
    seal(tmp_path / "a", 1)
    Delivery.objects.create(channel="folder", volume=SentVolume.objects.get())
    replacing.replace(WHY)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("step", ["make", "list", "forget", "replace", "sign"])
def test_broken_off_anywhere(peer: Peer, data_dir: Path, tmp_path: Path, monkeypatch: Any, step: str) -> None:
    """Until it is finished nothing is sealed, or else still nothing was taken back."""
    seal(tmp_path / "a", 1)
    own_keys.prepare()
    old = peers.site_keys()

    def dies(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as killed:
        if step == "make":
            killed.setattr(key_change.key_files, "write", dies)
        elif step == "list":
            killed.setattr(revoked, "add", dies)
        elif step == "forget":
            killed.setattr(batch_out, "forget_files", dies)
        elif step == "replace":
            killed.setattr(key_change, "replace_at_once", dies)
        else:
            killed.setattr(
                key_change.durable,
                "fsync_dir",
                lambda folder: dies() if folder.name == "keys" and _at_end(folder) else None,
            )
        with pytest.raises(Killed):
            replacing.replace(WHY)
    taken_back = old.card.sign_id in listed(data_dir)
    if taken_back:
        assert peers.site_keys().signer.id() == old.card.sign_id
        with pytest.raises(CannotProceed, match="--replace"):
            batch_out.seal_all(tmp_path / "b")
        with pytest.raises(CannotProceed, match="--replace"):
            batch_out.files_of(Batch.objects.get(seq=1))
        assert "--replace" in complaint("sign_trust", "--root", tmp_path, "--to", tmp_path / "x")
    assert taken_back == (step not in ("make", "list"))
    replacing.replace("再来一次")
    new = peers.site_keys()
    assert new.card.sign_id not in listed(data_dir)
    assert old.card.sign_id in listed(data_dir)
    assert new.card.seal_id not in listed(data_dir)
    assert new.following is None
    assert new.opens(old.card.seal_id)
    assert not list((data_dir / "keys").glob("*.fresh.pem"))
    for batch in batch_out.seal_all(tmp_path / "b"):
        assert signer_of(Path(batch.file_path)) == new.card.sign_id


def _at_end(folder: Path) -> bool:
    return any(folder.glob("*.revoked.pem")) and (folder / key_change.FRESH[keys.SIGN_FILE]).exists()


def test_twice_is_two_thefts(peer: Peer, data_dir: Path) -> None:
    first = peers.site_keys().card
    replacing.replace(WHY)
    second = peers.site_keys().card
    replacing.replace("又一次")
    third = peers.site_keys()
    reasons = {revoked.key_id(key): key.reason for key in revoked.read(data_dir / "keys")}
    assert (reasons[first.sign_id], reasons[second.sign_id]) == (WHY, "又一次")
    assert third.card.sign_id not in reasons


def test_planned_changes_go_on_afterwards(peer: Peer, tmp_path: Path) -> None:
    """A file made again is signed by the key of its time, unless that one was stolen."""
    seal(tmp_path / "a", 1)
    own_keys.prepare()
    seal(tmp_path / "a", 2)
    replacing.replace(WHY)
    between = peers.site_keys().card
    own_keys.prepare()
    seal(tmp_path / "a", 3)
    seal(tmp_path / "a", 4)
    batch_out.again(1, 4)
    for volume in SentVolume.objects.all():
        Path(volume.file_path).unlink()
    made = batch_out.seal_all(tmp_path / "b")
    last = peers.site_keys().card
    assert [signer_of(Path(batch.file_path)) for batch in made] == [between.sign_id] * 3 + [last.sign_id]


def test_damaged_list(peer: Peer, data_dir: Path) -> None:
    replacing.replace(WHY)
    for bad in (b"", b"{}", b'{"revoked":[{}]}'):
        (data_dir / "keys" / revoked.FILE).write_bytes(bad)
        with pytest.raises(NoKeys, match="备份"):
            peers.site_keys()


def test_a_reason_is_wanted(peer: Peer, data_dir: Path) -> None:
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(NoReason):
            replacing.replace(reason)
    assert listed(data_dir) == set()
    assert "--reason" in complaint("make_keys", "--replace")


def test_commands(peer: Peer, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    medium, file = tmp_path / "medium", tmp_path / "inner.trust"
    monkeypatch.setenv(root_key.PASSPHRASE, SECRET)
    assert "make_root" in complaint("sign_trust", "--root", medium, "--to", file)
    assert "enrol_peer --replace" in run("make_keys", "--replace", "--reason", WHY)[1]
    public = root_key.make(medium, data_dir, SECRET)
    text = run("make_keys", "--replace", "--reason", "又一次")[1]
    own = peers.site_keys().card
    assert own.fingerprint in text
    assert "sign_trust" in text
    assert "没有根密钥 sync_root.pem" in complaint("sign_trust", "--root", tmp_path, "--to", file)
    root_key.make(tmp_path / "m2", tmp_path / "outer", SECRET)
    assert "不是本站点的那一把" in complaint("sign_trust", "--root", tmp_path / "m2", "--to", file)
    monkeypatch.setenv(root_key.PASSPHRASE, SECRET + "x")
    assert "口令不对" in complaint("sign_trust", "--root", medium, "--to", file)
    monkeypatch.setenv(root_key.PASSPHRASE, SECRET)
    assert not file.exists()
    assert "第 1 版，作废 4 个密钥" in run("sign_trust", "--root", medium, "--to", file)[1]
    statement = trust_files.read(file.read_bytes(), public, "intl")
    assert (statement.sign, statement.seal, statement.side) == (own.sign, own.seal, "inner")
    assert json.loads(run("sign_trust", "--root", medium, "--to", file, "--json", "--number", "9")[1])["version"] == 9
    assert "已经用过" in complaint("sign_trust", "--root", medium, "--to", file, "--number", "9")
    (medium / root_key.VERSION_FILE).write_text("x")
    assert "--number" in complaint("sign_trust", "--root", medium, "--to", file)


def test_rotate_key_command(peer: Peer, tmp_path: Path) -> None:
    assert "没有可以销毁" in run("rotate_key", "--clean")[1]
    assert "新密钥已生成" in run("rotate_key")[1]
    assert "此前已生成" in run("rotate_key")[1]
    outbox.record(TOPIC, "k:1", {"n": 1})
    old = peers.site_keys().card
    batch_out.seal_all(tmp_path / "a")
    assert peers.site_keys().card.sign_id != old.sign_id
    assert json.loads(run("rotate_key", "--clean", "--json")[1]) == {"removed": []}
    Stream.objects.filter(direction="out").update(durable_seq=1)
    assert run("rotate_key", "--clean")[1].strip() == f"已销毁旧密钥：{old.sign_id}"
    assert json.loads(run("rotate_key", "--json")[1]) == {"created": True}


def test_rotate_key_without_keys_or_peer(db: None, data_dir: Path) -> None:
    assert "make_keys" in complaint("rotate_key", "--clean")
    keys.create(data_dir, "inner")
    assert "enrol_peer" in complaint("rotate_key")


def test_a_sealer_that_waited_for_the_replacement_signs_with_the_new_keys(
    peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looked at its keys before the lock; what counts are those of the moment when it has it."""
    outbox.record(TOPIC, "k:1", {"n": 1})
    make_folder, done = batch_out.durable.make_folder, []

    def replaced_meanwhile(folder: Path) -> None:
        if not done:
            done.append(True)
            replacing.replace(WHY)
        make_folder(folder)

    monkeypatch.setattr(batch_out.durable, "make_folder", replaced_meanwhile)
    [batch] = batch_out.seal_all(tmp_path / "a")
    assert signer_of(Path(batch.file_path)) == peers.site_keys().card.sign_id
