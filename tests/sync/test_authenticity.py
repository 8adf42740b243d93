"""Who may send us what: only the enrolled peer, only to us."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import Settings

from sync import envelope, intake, keys, peers, suites
from sync.models import PeerKey
from sync.peers import EnrolmentRefused
from sync.reports import APPLIED, REFUSED
from sync.suites.base import SignKey
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer

pytestmark = pytest.mark.usefixtures("topic")


@dataclass
class Borrowed:
    """A signature key that calls itself by another's name."""

    key: SignKey
    name: str

    def id(self) -> str:
        return self.name

    def public(self) -> bytes:
        return self.key.public()

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)


def refused(path: Path) -> str:
    outcome = open_one(path)
    assert outcome.state == REFUSED
    assert rows() == []
    return outcome.code


def test_stranger(peer: Peer, site: keys.SiteKeys, tmp_path: Path) -> None:
    assert refused(Peer(tmp_path / "stranger", "outer", site.card).batch()) == "unknown_key"


def test_stranger_with_the_name_of_the_peers_key(peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    forger = Peer(tmp_path / "forger", "outer", peer.recipient)
    stolen = forger.keys.card.model_copy(update={"sign": peer.keys.card.sign})
    forged = keys.SiteKeys(stolen, Borrowed(forger.keys.signer, stolen.sign_id), None)
    with pytest.raises(envelope.BadSignature):
        suites.verify("intl", bytes.fromhex(peer.keys.card.sign), forged.sign(b"c", b"m"), b"c", b"m")
    monkeypatch.setattr(suites, "verify", lambda *_: None)  # let the forger finish his file
    path = forger.batch(sign_with=forged)
    monkeypatch.undo()
    assert refused(path) == "bad_signature"


def test_for_somebody_else(peer: Peer, tmp_path: Path) -> None:
    elsewhere = Peer(tmp_path / "elsewhere", "inner")
    peer.recipient = elsewhere.keys.card
    assert refused(peer.batch()) == "wrong_recipient"


def test_wrong_direction(peer: Peer) -> None:
    peer.recipient = peer.recipient.model_copy(update={"side": "outer"})
    assert refused(peer.batch()) == "wrong_recipient"


def test_our_own_batch_comes_back(peer: Peer, site: keys.SiteKeys, data_dir: Path) -> None:
    own = Peer(data_dir, "inner", site.card)
    assert refused(own.batch()) == "reflected"


def test_name_of_the_sender_must_fit_the_key(peer: Peer) -> None:
    assert refused(peer.batch(sender="other")) == "wrong_sender"


def test_suite_is_pinned(peer: Peer) -> None:
    """The peer's own signature under a file that is not encrypted: what the gate in between would like to see."""
    peer.recipient = peer.recipient.model_copy(update={"suite": "clear"})
    assert refused(peer.batch()) == "wrong_suite"


@pytest.mark.django_db
def test_nobody_enrolled(site: keys.SiteKeys, tmp_path: Path) -> None:
    path = Peer(tmp_path / "outer", "outer", site.card).batch()
    with pytest.raises(peers.NotEnrolled):
        intake.open_path(path)
    assert path.is_file()


@pytest.mark.django_db
def test_no_keys(data_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK")
    with pytest.raises(keys.NoKeys):
        intake.open_path(path)
    assert path.is_file()


def test_fingerprint_must_be_given_and_right(peer: Peer, tmp_path: Path) -> None:
    other = Peer(tmp_path / "other", "outer").keys.card
    for given, told in (
        ("", f"{other.fingerprint}\n请打电话"),
        ("00000 " * 8, "不一致"),
        (peer.keys.card.fingerprint, "不一致"),
    ):
        with pytest.raises(EnrolmentRefused, match=told):
            peers.enrol(other, given)
    assert peers.peer_card() == peer.keys.card


def test_fingerprint_may_be_grouped_otherwise(peer: Peer) -> None:
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint.replace(" ", "-"))


def test_other_keys_need_replace(peer: Peer, tmp_path: Path) -> None:
    other = Peer(tmp_path / "other", "outer").keys.card
    with pytest.raises(EnrolmentRefused, match="--replace"):
        peers.enrol(other, other.fingerprint)


def test_own_card_or_wrong_side(peer: Peer, site: keys.SiteKeys, settings: Settings) -> None:
    with pytest.raises(EnrolmentRefused, match="自己"):
        peers.enrol(site.card, site.card.fingerprint)
    settings.HALL_PEER_SIDE = "other"
    with pytest.raises(EnrolmentRefused, match="other"):
        peers.enrol(peer.keys.card, peer.keys.card.fingerprint)


def test_replaced_key_keeps_its_batches_only(peer: Peer, tmp_path: Path) -> None:
    """Validity counts batch numbers: the old key signed batch 1, the new one signs from batch 2 on."""
    first = peer.batch()
    assert open_one(first).state == APPLIED
    renewed = Peer(tmp_path / "renewed", "outer", peer.recipient)
    peers.enrol(renewed.keys.card, renewed.keys.card.fingerprint, replace=True)
    assert set(PeerKey.objects.values_list("valid_from_seq", "valid_to_seq")) == {(1, 1), (2, None)}
    by_old_key = peer.batch(name="old.zip", keep_heads=True)
    assert open_one(by_old_key).code == "key_not_valid"
    assert open_one(peer.batch(sign_with=renewed.keys)).state == APPLIED
    assert open_one(first).state == "duplicate"


def test_card_changed_on_the_way(peer: Peer) -> None:
    data = peer.keys.card.to_bytes()
    for changed in (b"", data[:-10], data.replace(b"outer", b"inner"), data.replace(b'"seal":"', b'"seal":"0', 1)):
        with pytest.raises(keys.BadCard):
            keys.read_card(changed)


def test_keys_are_private_and_never_overwritten(site: keys.SiteKeys, data_dir: Path) -> None:
    files = sorted((data_dir / "keys").glob("*.pem"))
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600, 0o600]
    before = [path.read_bytes() for path in files]
    assert keys.create(data_dir, "inner") is False
    assert [path.read_bytes() for path in files] == before


def test_damaged_key_file(site: keys.SiteKeys, data_dir: Path) -> None:
    (data_dir / "keys" / keys.SIGN_FILE).write_bytes(b"damaged")
    with pytest.raises(keys.NoKeys, match="备份"):
        keys.load(data_dir, "inner")
    with pytest.raises(keys.NoKeys):
        keys.create(data_dir, "inner")
