"""What every suite that seals must refuse, and that no file can say which suite is used."""

import hashlib
import itertools
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from sync import (
    batch_file,
    batch_out,
    canonical,
    envelope,
    frames,
    keys,
    manifest,
    outbox,
    peers,
    reports,
    suites,
    verify,
)
from sync.models import Batch
from sync.peers import EnrolmentRefused
from sync.reports import APPLIED
from sync.suites import stream
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer, line, name_of
from tests.sync.repacking import members_of, pack, signed

pytestmark = pytest.mark.usefixtures("topic")
PAIRS = [("intl", "gm"), ("intl", "clear"), ("gm", "intl"), ("gm", "clear")]  # enrolled, and the other
SEALING = [name for name in suites.NAMES if suites.named(name).seals]
STEP = stream.CHUNK + stream.TAG


@pytest.fixture(params=SEALING)
def sealed_peer(request: pytest.FixtureRequest, db: None, data_dir: Path, tmp_path: Path) -> Peer:
    """Both sites with keys of one suite."""
    keys.create(data_dir, "inner", request.param)
    peer = Peer(tmp_path / "outer", "outer", keys.load(data_dir, "inner").card, suite=request.param)
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint)
    return peer


def refused(path: Path) -> str:
    outcome = open_one(path)
    assert outcome.state == reports.REFUSED
    assert rows() == []
    return outcome.code


def three_chunks(peer: Peer) -> tuple[Path, dict[str, bytes], bytes, list[bytes]]:
    """A file with a header and exactly some whole chunks and a rest."""
    scan = os.urandom(2 * stream.CHUNK + 5)
    path = peer.batch([line(1, blobs=[name_of(scan)])], blobs={name_of(scan): scan})
    members, head = members_of(path), suites.named(peer.keys.card.suite).header
    data = members["data.bin"]
    return path, members, data[:head], [data[at : at + STEP] for at in range(head, len(data), STEP)]


def test_applied_in_both_directions_of_looking(sealed_peer: Peer, data_dir: Path) -> None:
    scan = os.urandom(stream.CHUNK)
    path = sealed_peer.batch([line(1, blobs=[name_of(scan)])], blobs={name_of(scan): scan})
    report = verify.examine(path, verify.Known.of_site(data_dir, "inner"))
    assert (report.code, "已解密" in "\n".join(report.lines)) == ("", True)
    assert f"套件：{sealed_peer.keys.card.suite}" in report.lines
    assert open_one(path).state == APPLIED
    assert rows() == ["k:1#1"]


def test_sender_may_not_send_other_chunks(sealed_peer: Peer) -> None:
    """Signed by the sender himself, so that only the chunks' own place can tell."""
    path, members, head, (a, b, c) = three_chunks(sealed_peer)
    for wrong in ([b, a, c], [a, b], [a, c], [a, a, b, c], [a, b, c, c], [a, b, c[:-1]], [a, b, c + b"x"], []):
        pack(path, signed(sealed_peer, members | {"data.bin": head + b"".join(wrong)}))
        assert refused(path) in ("cannot_decrypt", "bad_frame")


def test_changed_on_the_way(sealed_peer: Peer) -> None:
    path, members, head, (a, b, c) = three_chunks(sealed_peer)
    for wrong in (head + b + a + c, head + a + b, head + a + b + c + c, head[:-1] + bytes([head[-1] ^ 1]) + a + b + c):
        pack(path, members | {"data.bin": wrong})
        assert refused(path) == "data_hash"


def test_chunks_of_another_file(sealed_peer: Peer) -> None:
    path, members, head, (_, b, c) = three_chunks(sealed_peer)
    _, _, _, (other, *_) = three_chunks(sealed_peer)
    pack(path, signed(sealed_peer, members | {"data.bin": head + other + b + c}))
    assert refused(path) == "cannot_decrypt"


def test_recipient_cannot_forge_content_under_a_genuine_header(sealed_peer: Peer, site_keys: keys.SiteKeys) -> None:
    """The recipient knows the content key and can seal other records with it; the sender's signature is over the
    ciphertext and over the content."""
    path = sealed_peer.batch([line(1)])
    members, suite = members_of(path), suites.named(sealed_peer.keys.card.suite)
    volume = manifest.read(manifest.Volume, members["volume.json"])
    info = batch_file._info(volume, 1)
    head = members["data.bin"][: suite.header]
    content_key = site_keys.unwrap(site_keys.card.seal_id, suite.read_wrapped(head)[1], info)
    header = json.loads(members["volume.json"]) | {"vol": 1}
    names = ("format", "recipient", "sender", "seq", "stream", "vol")
    plain = [frames.header(canonical.encode({name: header[name] for name in names}))]
    plain += itertools.chain.from_iterable(frames.body([], [line(1, payload={"n": 9})]))
    aead = {"intl": "AesGcm", "gm": "Sm4Gcm"}[suite.name]
    cipher = getattr(__import__(f"sync.suites.{suite.name}", fromlist=[aead]), aead)(content_key)
    forged = head + cipher.seal(stream.nonce_of(0, True), b"".join(plain))
    pack(path, members | {"data.bin": forged})
    assert refused(path) == "data_hash"
    pack(path, signed(sealed_peer, members | {"data.bin": forged}))
    assert refused(path) == "content_mismatch"


def test_wrapped_for_another_place(sealed_peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(batch_file, "_info", lambda *_: b"elsewhere")
        path = sealed_peer.batch()
    assert refused(path) == "cannot_decrypt"


def test_for_somebody_else(sealed_peer: Peer, tmp_path: Path) -> None:
    elsewhere = Peer(tmp_path / "elsewhere", "inner", suite=sealed_peer.keys.card.suite)
    sealed_peer.recipient = elsewhere.keys.card
    assert refused(sealed_peer.batch()) == "wrong_recipient"


def test_for_somebody_else_under_our_name(sealed_peer: Peer, tmp_path: Path) -> None:
    """The manifest names our key, the wrapped key is another's."""
    elsewhere = Peer(tmp_path / "elsewhere", "inner", suite=sealed_peer.keys.card.suite).keys.card
    ours, sealed_peer.recipient = sealed_peer.recipient, elsewhere
    path = sealed_peer.batch()
    assert ours
    members = members_of(path)
    pack(path, signed(sealed_peer, members, json.loads(members["volume.json"]) | {"recipient_key": ours.seal_id}))
    assert refused(path) == "wrong_recipient"


def test_another_senders_key(sealed_peer: Peer, tmp_path: Path) -> None:
    stranger = Peer(tmp_path / "stranger", "outer", sealed_peer.recipient, suite=sealed_peer.keys.card.suite)
    assert refused(sealed_peer.batch(sign_with=stranger.keys)) == "unknown_key"


def test_pairs_are_all() -> None:
    assert set(PAIRS) == {(own, other) for own in SEALING for other in suites.NAMES if own != other}


@pytest.mark.parametrize(("sealed_peer", "other"), PAIRS, indirect=["sealed_peer"])
def test_suite_cannot_be_changed_by_a_file(sealed_peer: Peer, tmp_path: Path, other: str) -> None:
    """Neither stripped nor bettered: the enrolled sender signs, but the suite is another."""
    sealed_peer.recipient = Peer(tmp_path / "x", "inner", suite=other).keys.card
    assert refused(sealed_peer.batch()) == "wrong_suite"


@pytest.mark.parametrize(("sealed_peer", "other"), PAIRS, indirect=["sealed_peer"])
def test_peer_of_another_suite_is_not_enrolled(sealed_peer: Peer, tmp_path: Path, other: str) -> None:
    card = Peer(tmp_path / "x", "outer", suite=other).keys.card
    with pytest.raises(EnrolmentRefused, match="同一套件"):
        peers.enrol(card, card.fingerprint, replace=True)


@pytest.mark.parametrize(("sealed_peer", "other"), PAIRS, indirect=["sealed_peer"])
def test_nothing_is_sealed_while_only_this_site_has_changed_its_suite(
    sealed_peer: Peer, data_dir: Path, tmp_path: Path, other: str
) -> None:
    """No number is given to what the peer could not accept: it goes out when both have enrolled each other anew."""
    shutil.rmtree(data_dir / "keys")
    keys.create(data_dir, "inner", other)
    outbox.record(TOPIC, "k:1", {"n": 1})
    with pytest.raises(EnrolmentRefused, match="请在两端重新登记"):
        batch_out.seal_all(tmp_path / "disk")
    assert not Batch.objects.exists()
    there = Peer(tmp_path / "new", "outer", suite=other)
    peers.enrol(there.keys.card, there.keys.card.fingerprint, replace=True)
    assert [batch.seq for batch in batch_out.seal_all(tmp_path / "disk")] == [1]


def test_card_says_its_suite_and_the_fingerprint_covers_it(sealed_peer: Peer) -> None:
    card = sealed_peer.keys.card
    assert keys.read_card(card.to_bytes()) == card
    assert re.fullmatch(r"(\d{5} ){7}\d{5}", card.fingerprint)
    renamed = card.model_copy(update={"suite": "x"})
    assert renamed.fingerprint != card.fingerprint
    for fields in ({"suite": "x"}, {"suite": "clear"}, {"sign": card.sign[:-2]}, {"seal": ""}, {"root": "00"}):
        changed = card.model_copy(update=fields)
        with pytest.raises(keys.BadCard):
            keys.read_card(changed.to_bytes())


@pytest.mark.parametrize(
    "changes", [{"root": None}, {"suite": ...}, {"format": ...}, {"suite": "x"}, {"more": "1"}], ids=str
)
def test_card_written_in_another_way(changes: dict[str, Any], tmp_path: Path) -> None:
    """Its fingerprint is right, but over other bytes than those that came."""
    card = Peer(tmp_path / "x", "outer").keys.card
    fields = json.loads(card.to_bytes()) | changes
    with pytest.raises(keys.BadCard, match="不是站点身份文件"):
        keys.read_card(canonical.encode({name: value for name, value in fields.items() if value is not ...}))


def test_point_off_the_curve_is_no_card(tmp_path: Path) -> None:
    card = Peer(tmp_path / "x", "outer", suite="gm").keys.card
    with pytest.raises(keys.BadCard):
        keys.read_card(card.model_copy(update={"seal": "01" * 64}).to_bytes())


def volume(**changes: Any) -> bytes:
    fields = {
        "format": manifest.FORMAT, "suite": "gm", "stream": "0" * 8 + "-0000" * 3 + "-" + "0" * 12, "seq": 1, "vol": 1,
        "last": True, "sender": "outer", "recipient": "inner", "sender_key": "0" * 16, "recipient_key": "0" * 16,
        "size": 1, "sha256": "0" * 64, "sm3": "0" * 64,
    }  # fmt: skip
    return canonical.encode({name: value for name, value in (fields | changes).items() if value != "left out"})


def test_sm3_is_there_exactly_with_gm() -> None:
    manifest.read(manifest.Volume, volume())
    manifest.read(manifest.Volume, volume(suite="intl", sm3="left out"))
    for wrong in ({"sm3": "left out"}, {"sm3": None}, {"suite": "intl"}, {"suite": "intl", "sm3": None}, {"sm3": "0"}):
        with pytest.raises(Exception, match="bad_manifest"):
            manifest.read(manifest.Volume, volume(**wrong))


def test_sm3_is_checked(db: None, data_dir: Path, tmp_path: Path) -> None:
    keys.create(data_dir, "inner", "gm")
    peer = Peer(tmp_path / "outer", "outer", keys.load(data_dir, "inner").card, suite="gm")
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint)
    path = peer.batch([line(1)])
    members = members_of(path)
    raw = canonical.encode(json.loads(members["volume.json"]) | {"sm3": "0" * 64})
    batch = json.loads(members["batch.json"]) | {"volumes": [hashlib.sha256(raw).hexdigest()]}
    whole = canonical.encode(batch)
    members |= {"volume.json": raw, "volume.sig": peer.keys.sign(envelope.VOLUME_CONTEXT, raw)}
    members |= {"batch.json": whole, "batch.sig": peer.keys.sign(envelope.BATCH_CONTEXT, whole)}
    assert refused(pack(path, members)) == "data_hash"


def test_site_says_which_suite_its_keys_are_for(data_dir: Path, settings: Settings) -> None:
    settings.HALL_SUITE = "gm"
    assert peers.make_site_keys() is True
    assert peers.site_keys().card.suite == "gm"
    settings.HALL_SUITE = "intl"
    assert peers.make_site_keys() is False
    with pytest.raises(keys.OtherSuite):
        peers.make_site_keys("clear")
    assert peers.site_keys().card.suite == "gm"


@pytest.fixture
def site_keys(sealed_peer: Peer, data_dir: Path) -> keys.SiteKeys:
    """The keys of this site."""
    return keys.load(data_dir, "inner")
