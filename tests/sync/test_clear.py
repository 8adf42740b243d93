"""Suite ``clear``: everybody may read, nobody may change."""

import itertools
import json
import struct
from pathlib import Path

import pytest

from sync import container, frames, keys, peers, reports, suites
from sync.envelope import CannotDecrypt
from sync.models import PeerKey
from sync.reasons import Refused
from sync.reports import APPLIED
from sync.suites.base import BadKey
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line, name_of, read
from tests.sync.repacking import members_of, pack, signed

pytestmark = pytest.mark.usefixtures("topic")
CHUNK = 1024 * 1024


@pytest.fixture
def clear_peer(db: None, data_dir: Path, tmp_path: Path) -> Peer:
    """Both sites without encryption."""
    keys.create(data_dir, "inner", "clear")
    peer = Peer(tmp_path / "outer", "outer", keys.load(data_dir, "inner").card, suite="clear")
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint)
    return peer


def refused(path: Path) -> str:
    outcome = open_one(path)
    assert outcome.state == reports.REFUSED
    assert rows() == []
    return outcome.code


def test_there_is_one_key_only(clear_peer: Peer) -> None:
    assert clear_peer.keys.card.seal == ""
    assert sorted(path.name for path in (clear_peer.home / "keys").glob("*.pem")) == [keys.SIGN_FILE]
    assert list(PeerKey.objects.values_list("use", "public")) == [("sign", clear_peer.keys.card.sign)]


def test_applied(clear_peer: Peer) -> None:
    scan = b"scan" * 700_000
    assert open_one(clear_peer.batch([line(1, blobs=[name_of(scan)])], blobs={name_of(scan): scan})).state == APPLIED
    assert rows() == ["k:1#1"]


def test_a_gate_reads_the_records_without_any_key(clear_peer: Peer) -> None:
    lines = [line(1, payload={"名": "一站"}), line(2)]
    data = members_of(clear_peer.batch(lines))["data.bin"]
    assert b"\n".join(lines) + b"\n" in data


def test_every_changed_byte_is_noticed(clear_peer: Peer) -> None:
    path = clear_peer.batch([line(1)])
    members = members_of(path)
    data = members["data.bin"]
    for at in range(0, len(data), 7):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        pack(path, members | {"data.bin": changed})
        assert refused(path) == "data_hash"


def test_cut_lengthened_or_exchanged_data(clear_peer: Peer) -> None:
    scan = bytes(CHUNK) + b"x" * CHUNK
    path = clear_peer.batch([line(1, blobs=[name_of(scan)])], blobs={name_of(scan): scan})
    members = members_of(path)
    data = members["data.bin"]
    for wrong in (data[:-1], data + b"x", data[CHUNK : 2 * CHUNK] + data[:CHUNK] + data[2 * CHUNK :], b""):
        pack(path, members | {"data.bin": wrong})
        assert refused(path) == "data_hash"


def test_frames_of_the_sealed_suites_are_no_frames_here(clear_peer: Peer) -> None:
    """One plaintext has one spelling: compressed records would hide from the gate."""
    path = clear_peer.batch([line(1)])
    members = members_of(path)
    data = members["data.bin"]
    (length,) = struct.unpack_from(">L", data, 1)
    packed = frames.header(data[5 : 5 + length]) + b"".join(itertools.chain.from_iterable(frames.body([], [line(1)])))
    pack(path, signed(clear_peer, members | {"data.bin": packed}))
    assert refused(path) == "bad_frame"


def test_for_a_site_of_the_same_name_elsewhere(clear_peer: Peer, tmp_path: Path) -> None:
    clear_peer.recipient = Peer(tmp_path / "elsewhere", "inner", suite="clear").keys.card
    assert refused(clear_peer.batch()) == "wrong_recipient"


def test_for_another_side(clear_peer: Peer) -> None:
    clear_peer.recipient = clear_peer.recipient.model_copy(update={"side": "outer"})
    assert refused(clear_peer.batch()) == "wrong_recipient"


def test_content_that_was_not_signed(clear_peer: Peer) -> None:
    assert refused(clear_peer.batch([line(1)], content_lines=[line(1, payload={"n": 5})])) == "content_mismatch"


def test_recipient_cannot_forge_under_a_genuine_header(clear_peer: Peer, tmp_path: Path) -> None:
    """The recipient holds everything but the sender's key: the genuine manifests do not cover his own records."""
    path = clear_peer.batch([line(1)])
    members = members_of(path)
    forged = members["data.bin"].replace(b'{"n":1}', b'{"n":7}')
    assert forged != members["data.bin"]
    pack(path, members | {"data.bin": forged})
    with pytest.raises(Refused, match="data_hash"):
        read(path, clear_peer.keys.card, keys.load(tmp_path / "inner", "inner"))


def test_encrypted_file_is_no_clear_one(clear_peer: Peer, tmp_path: Path) -> None:
    """Not even a better suite than the enrolled one is taken because a file says so."""
    better = Peer(tmp_path / "better", "inner").keys.card
    clear_peer.recipient = better
    assert refused(clear_peer.batch()) == "wrong_suite"


def test_name_of_the_suite_in_the_manifest(clear_peer: Peer) -> None:
    path = clear_peer.batch([line(1)])
    members = members_of(path)
    volume = json.loads(members["volume.json"]) | {"suite": "intl"}
    pack(path, signed(clear_peer, members, volume))
    assert refused(path) == "wrong_suite"


def test_seal_key_file_that_was_lost_does_not_make_a_site_clear(site: keys.SiteKeys, data_dir: Path) -> None:
    (data_dir / "keys" / keys.SEAL_FILE).unlink()
    with pytest.raises(keys.NoKeys):
        keys.load(data_dir, "inner")
    (data_dir / "keys" / keys.SUITE_FILE).unlink()
    with pytest.raises(keys.NoKeys):
        keys.load(data_dir, "inner")


def test_old_encryption_key_of_a_site_that_became_clear_still_opens(site: keys.SiteKeys, data_dir: Path) -> None:
    place = data_dir / "keys"
    (place / keys.SEAL_FILE).rename(place / f"sync_seal.{site.card.seal_id}.pem")
    (place / keys.SUITE_FILE).write_text("clear\n")
    assert [key.id() for key in keys.load(data_dir, "inner").older_openers] == [site.card.seal_id]


def test_asked_for_an_encryption_key_it_says_that_there_is_none() -> None:
    """Never an empty key, nor one that is none."""
    clear = suites.named("clear")
    with pytest.raises(BadKey, match="nothing is encrypted"):
        clear.new_seal_key()
    with pytest.raises(BadKey, match="nothing is encrypted"):
        clear.seal_key(suites.named(suites.INTL).new_seal_key())
    with pytest.raises(CannotDecrypt, match="nothing is encrypted"):
        clear.read_wrapped(bytes(100))


def test_container_is_the_same(clear_peer: Peer) -> None:
    assert tuple(members_of(clear_peer.batch())) == container.MEMBERS
