"""A trust file of the peer: who may write it, what it changes, and that it cannot be taken back."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync import (
    batch_out,
    canonical,
    intake,
    keys,
    outbox,
    peers,
    root_key,
    rotation,
    suites,
    trust_files,
    trusting,
    verify,
)
from sync.intake import APPLIED, DUPLICATE, PARKED, REFUSED
from sync.models import Batch, InboxBatch, InboxVolume, PeerKey, Quarantine, Receipt, Stream
from sync.models import Peer as PeerRow
from sync.reasons import Refused
from sync.transports.disk import contents, reading
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer, line, name_of
from tests.sync.stolen import SECRET, Victim
from tests.sync.test_commands import complaint, run
from tests.sync.test_rotation import seal

pytestmark = pytest.mark.usefixtures("topic")


@pytest.fixture(params=suites.NAMES)
def victim(request: pytest.FixtureRequest, db: None, data_dir: Path, tmp_path: Path) -> Victim:
    """The outer site, with a root that was enrolled here."""
    keys.create(data_dir, "inner", request.param)
    peer = Peer(tmp_path / "outer", "outer", keys.load(data_dir, "inner").card, suite=request.param)
    return Victim(peer, tmp_path)


@pytest.fixture
def one(db: None, site: keys.SiteKeys, tmp_path: Path) -> Victim:
    """The same of one suite."""
    return Victim(Peer(tmp_path / "outer", "outer", site.card), tmp_path)


def refusal(data: bytes) -> str:
    before = states(), PeerRow.objects.values().get()
    with pytest.raises(Refused) as caught:
        trusting.apply(data)
    assert (states(), PeerRow.objects.values().get()) == before
    return caught.value.code


def states() -> dict[str, str]:
    return dict(PeerKey.objects.values_list("key_id", "state"))


def test_stolen_keys_are_revoked_and_the_new_ones_used(victim: Victim) -> None:
    assert open_one(victim.peer.batch()).state == APPLIED
    done = trusting.apply(victim.trust())
    stolen, new = victim.stolen.card, victim.replaced.card
    assert set(done.revoked) == {stolen.sign_id, *([stolen.seal_id] if stolen.seal else [])}
    expected = {stolen.sign_id: "revoked", new.sign_id: "active"}
    if stolen.seal:
        expected |= {stolen.seal_id: "revoked", new.seal_id: "active"}
    assert states() == expected
    assert peers.recipient_card() == new.model_copy(update={"root": victim.root.public()})
    assert PeerKey.objects.get(key_id=stolen.sign_id).reason == "服务器被入侵"
    row = PeerRow.objects.get()
    assert (row.trust_version, row.fingerprint) == (1, peers.peer_card().fingerprint)
    forged = open_one(victim.peer.batch(keep_heads=True, name="forged.zip"))
    assert (forged.state, forged.code) == (REFUSED, "key_revoked")
    victim.go_on()
    assert open_one(victim.peer.batch()).state == APPLIED
    assert rows() == ["k:1#1", "k:1#2"]


def test_new_keys_are_good_for_every_number(one: Victim) -> None:
    """What was under way is signed anew, also a batch of which only the receipt was lost."""
    first = one.peer.batch(keep_heads=True)
    open_one(first)
    trusting.apply(one.trust())
    assert open_one(first).code == "key_revoked"
    assert open_one(one.peer.batch(sign_with=one.replaced, name="anew.zip")).state == DUPLICATE
    assert rows() == ["k:1#1"]


def test_the_same_file_again_changes_nothing(one: Victim) -> None:
    data = one.trust()
    assert trusting.apply(data).changed is True
    before = list(PeerKey.objects.order_by("pk").values())
    assert trusting.apply(data).changed is False
    assert list(PeerKey.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("version", [1, 2, 3])
def test_no_way_back(one: Victim, version: int) -> None:
    """An older one, and another one of the same version."""
    old = one.trust(version, revoked=[])
    trusting.apply(one.trust(3))
    assert refusal(old) == "old_trust"
    assert trusting.apply(one.trust(4)).revoked == []


def test_not_by_the_enrolled_root(one: Victim, tmp_path: Path) -> None:
    root_key.make(tmp_path / "m2", tmp_path / "outer", SECRET, replace=True)
    statement = trust_files.read(one.trust(), one.root.public(), "intl")
    assert refusal(trust_files.pack(statement, root_key.load(tmp_path / "m2", "intl", SECRET))) == "wrong_root"
    for stranger in (one.stolen, one.replaced):
        body = canonical.encode(one.fields())
        data = stranger.sign(trust_files.CONTEXT, body).hex().encode() + b"\n" + body + b"\n"
        assert refusal(data) == "wrong_root"


def test_forged_signature(victim: Victim) -> None:
    data = victim.trust()
    assert refusal(data.replace(b'"version":1', b'"version":2')) == "bad_signature"
    flipped = bytearray(data)
    flipped[100] = ord("0") if flipped[100] != ord("0") else ord("1")
    assert refusal(bytes(flipped)) == "bad_signature"
    body = data.split(b"\n")[1]
    other = victim.root.sign(b"ZWFW-sync-receipt-v1\0", body).hex().encode() + b"\n" + body + b"\n"
    assert refusal(other) == "bad_signature"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"side": "inner"}, "wrong_sender"),
        ({"suite": "clear", "seal": ""}, "wrong_suite"),
        ({"suite": "none"}, "bad_manifest"),
        ({"format": "zwfw-sync-trust/2"}, "bad_manifest"),
        ({"version": 0}, "bad_manifest"),
        ({"version": 1.5}, "bad_manifest"),
        ({"version": "1"}, "bad_manifest"),
        ({"version": True}, "bad_manifest"),
        ({"more": 1}, "bad_manifest"),
        ({"sign": "00"}, "bad_manifest"),
        ({"seal": ""}, "bad_manifest"),
    ],
)
def test_read_strictly(one: Victim, change: dict[str, Any], code: str) -> None:
    fields = one.fields() | change
    if change == {"version": 1.5}:
        body = canonical.encode(one.fields()).replace(b'"version":1', b'"version":1.5')
        data = one.root.sign(trust_files.CONTEXT, body).hex().encode() + b"\n" + body + b"\n"
    else:
        data = one.signed(fields)
    assert refusal(data) == code


@pytest.mark.parametrize("wrong", ["present", "seal", "twice", "reason", "many", "missing", "space"])
def test_contradictions_are_refused(one: Victim, wrong: str) -> None:
    entry, fields = one.revoked(), one.fields()
    data = {
        "present": lambda: one.signed(fields | {"revoked": [one.revoked(0, fields["sign"])]}),
        "seal": lambda: one.signed(fields | {"revoked": [one.revoked(0, fields["seal"], "seal")]}),
        "twice": lambda: one.signed(fields | {"revoked": [entry, entry]}),
        "reason": lambda: one.signed(fields | {"revoked": [entry | {"reason": ""}]}),
        "many": lambda: one.signed(fields | {"revoked": [one.revoked(0, f"{n:064x}") for n in range(101)]}),
        "missing": lambda: one.signed({name: value for name, value in fields.items() if name != "revoked"}),
        "space": lambda: _spaced(one),
    }[wrong]()
    assert refusal(data) == "bad_manifest"


def _spaced(victim: Victim) -> bytes:
    body = canonical.encode(victim.fields()).replace(b'"version":1', b'"version": 1')
    return victim.root.sign(trust_files.CONTEXT, body).hex().encode() + b"\n" + body + b"\n"


def test_shape_and_size(one: Victim) -> None:
    data = one.trust()
    for bad in (b"", data[:-1], data[1:], b"\n" + data, data.split(b"\n")[1]):
        assert refusal(bad) == "bad_note"
    assert refusal(data + b" " * trust_files.LARGEST + b"\n") == "too_large"


def test_peer_without_root_or_nobody_enrolled(peer: Peer, tmp_path: Path, one: Victim) -> None:
    data = one.trust()
    PeerRow.objects.update(root="")
    with pytest.raises(trusting.NoRootEnrolled, match="enrol_peer"):
        trusting.apply(data)
    PeerKey.objects.all().delete()
    PeerRow.objects.all().delete()
    with pytest.raises(peers.NotEnrolled):
        trusting.apply(data)


def test_a_revoked_key_never_returns(one: Victim) -> None:
    trusting.apply(one.trust())
    stolen = one.stolen.card
    with pytest.raises(peers.EnrolmentRefused, match="已吊销"):
        peers.enrol(stolen, stolen.fingerprint, replace=True)
    assert refusal(one.trust(2, sign=stolen.sign, revoked=[])) == "old_trust"
    one.go_on()
    back = rotation.announce(one.replaced.card, keys.NewPair(one.stolen.signer, one.stolen.opener), *_next(one))
    assert open_one(one.peer.batch(new_keys=[back])).code == "bad_new_keys"
    assert peers.peer_card().sign == one.replaced.card.sign


def test_a_revoked_key_nobody_has_heard_of_cannot_be_announced(one: Victim, tmp_path: Path) -> None:
    """Its announcement was on its way when it was stolen."""
    keys.create(tmp_path / "lost", "outer")
    lost = keys.load(tmp_path / "lost", "outer")
    revoked = [one.revoked(), one.revoked(0, lost.card.sign) | {"stream": ""}]
    trusting.apply(one.trust(revoked=revoked))
    assert states()[lost.card.sign_id] == "revoked"
    assert open_one(one.peer.batch(sign_with=lost, keep_heads=True)).code == "key_revoked"
    one.go_on()
    announced = rotation.announce(one.replaced.card, keys.NewPair(lost.signer, lost.opener), *_next(one))
    assert open_one(one.peer.batch(new_keys=[announced], keep_heads=True)).code == "bad_new_keys"


def test_announcement_by_the_stolen_key_is_passed_over(one: Victim) -> None:
    """The real batch, signed anew: its content stays, and so does the announcement inside."""
    keys.create(one.folder / "between", "outer")
    between = keys.load(one.folder / "between", "outer")
    announced = rotation.announce(one.stolen.card, keys.NewPair(between.signer, between.opener), *_next(one))
    trusting.apply(one.trust())
    one.go_on()
    assert open_one(one.peer.batch(new_keys=[announced])).state == APPLIED
    assert peers.peer_card().sign == one.replaced.card.sign


def _next(victim: Victim) -> tuple[str, int]:
    return str(victim.peer.stream), victim.peer.seq + 1


def test_what_waits_by_the_stolen_key_is_set_apart_and_asked_for(victim: Victim) -> None:
    peer = victim.peer
    open_one(peer.batch())
    peer.batch()
    waiting = peer.batch()
    assert open_one(waiting).state == PARKED
    done = trusting.apply(victim.trust())
    assert done.set_apart == 1
    assert not InboxBatch.objects.filter(state="parked").exists()
    assert Quarantine.objects.get().code == "key_revoked"
    assert Path(Quarantine.objects.get().kept_as).is_file()
    assert Receipt.objects.order_by("number").last().body["missing"] == []
    assert Stream.objects.get(direction="in").receipt_due


def test_volumes_that_wait_are_set_apart_too(one: Victim) -> None:
    big = {str(n): b"x" * (9 * 1024 * 1024) for n in range(2)}
    blobs = {name_of(data + key.encode()): data + key.encode() for key, data in big.items()}
    one.peer.batch([line(1, blobs=list(blobs))], blobs=blobs, largest=16 * 1024 * 1024)
    first, *rest = one.peer.paths
    assert rest
    assert open_one(first).state == "partial"
    assert trusting.apply(one.trust()).set_apart == 1
    assert not InboxVolume.objects.exists()
    for path in rest:
        assert open_one(path).code == "key_revoked"


def test_batch_that_its_owner_disowns_freezes_the_stream(one: Victim) -> None:
    open_one(one.peer.batch())
    open_one(one.peer.batch())
    done = trusting.apply(one.trust(revoked=[one.revoked(from_seq=2)]))
    assert done.forged == [2]
    assert "伪造" in Stream.objects.get(direction="in").frozen
    one.go_on()
    assert open_one(one.peer.batch()).state == PARKED


def test_key_that_the_thief_has_announced(one: Victim) -> None:
    """He has changed the keys as a plan would, and goes on with his own: not even they are left."""
    open_one(one.peer.batch())
    keys.create(one.folder / "thief", "outer")
    thief = keys.load(one.folder / "thief", "outer")
    announced = rotation.announce(one.stolen.card, keys.NewPair(thief.signer, thief.opener), *_next(one))
    open_one(one.peer.batch(new_keys=[announced]))
    open_one(one.peer.batch(sign_with=thief))
    assert len(rows()) == 3
    assert trusting.apply(one.trust(revoked=[one.revoked(from_seq=2)])).forged == [2, 3]
    assert peers.peer_card().sign == one.replaced.card.sign
    assert "伪造" in Stream.objects.get(direction="in").frozen


def test_trust_file_that_was_overtaken_by_a_planned_change(one: Victim) -> None:
    """What it revokes is revoked; the keys that followed by plan stay in use."""
    trusting.apply(one.trust())
    one.go_on()
    keys.create(one.folder / "later", "outer")
    later = keys.load(one.folder / "later", "outer")
    announced = rotation.announce(one.replaced.card, keys.NewPair(later.signer, later.opener), *_next(one))
    open_one(one.peer.batch(new_keys=[announced]))
    assert open_one(one.peer.batch(sign_with=later)).state == APPLIED
    assert trusting.apply(one.trust(2)).revoked == []
    assert peers.peer_card().sign == later.card.sign
    assert open_one(one.peer.batch(sign_with=later)).state == APPLIED
    trusting.apply(one.trust(3, revoked=[*one.fields()["revoked"], one.revoked(0, later.card.sign) | {"stream": ""}]))
    assert peers.peer_card().sign == one.replaced.card.sign


def test_what_its_owner_vouches_for_freezes_nothing(one: Victim) -> None:
    open_one(one.peer.batch())
    one.go_on()
    PeerKey.objects.update(valid_from_seq=1)
    assert trusting.apply(one.trust()).forged == []
    open_one(one.peer.batch())
    again = one.trust(2, revoked=[one.revoked(from_seq=2)])
    assert trusting.apply(again).forged == []  # 2 was signed by the new key
    assert Stream.objects.get(direction="in").frozen == ""


def test_a_restored_database_hears_of_it_again(one: Victim) -> None:
    """It is from before the theft; the trust file lies beside the keys."""
    open_one(one.peer.batch())
    trusting.apply(one.trust())
    PeerKey.objects.filter(public=one.replaced.card.sign).delete()
    PeerKey.objects.update(state="active", valid_to_seq=None)
    PeerRow.objects.update(trust_version=0, trust_digest="")
    assert open_one(one.peer.batch(keep_heads=True)).code == "key_revoked"
    assert PeerRow.objects.get().trust_version == 1


def test_the_kept_file_of_a_replaced_root_is_passed_over(one: Victim, tmp_path: Path) -> None:
    trusting.apply(one.trust())
    root_key.make(tmp_path / "m2", tmp_path / "new", SECRET)
    card = keys.load(tmp_path / "new", "outer").card
    peers.enrol(card, card.fingerprint, replace=True)
    one.go_on()
    assert open_one(one.peer.batch()).state == APPLIED
    assert PeerRow.objects.get().trust_version == 0


def test_what_was_sealed_to_the_stolen_key_is_made_anew(one: Victim, tmp_path: Path) -> None:
    seal(tmp_path / "a", 1)
    trusting.apply(one.trust())
    outbox.record(TOPIC, "k:1", {"n": 2})
    batch_out.seal_all(tmp_path / "a")
    assert [batch.revision for batch in Batch.objects.order_by("seq")] == [2, 1]
    for made in (tmp_path / "a").glob("*.zip"):
        reader = Peer(one.folder / "new", "outer")
        assert reader.read(made, peers.site_keys().card)[0].records == 1


def test_the_verifier_knows_it_too(one: Victim, data_dir: Path) -> None:
    path = one.peer.batch()
    assert verify.examine(path, verify.Known.of_site(data_dir, "inner")).code == ""
    trusting.apply(one.trust())
    one.go_on()
    known = verify.Known.of_site(data_dir, "inner")
    assert verify.examine(path, known).code == "key_revoked"
    assert verify.examine(one.peer.batch(), known).code == ""


def test_files_by_the_new_key_that_came_before_the_trust_file(one: Victim, tmp_path: Path) -> None:
    one.go_on()
    early = one.peer.batch()
    assert (open_one(early).code, rows()) == ("unknown_key", [])
    file = tmp_path / "outer.trust"
    file.write_bytes(one.trust())
    code, text = run("apply_trust", file)
    assert code == 0
    assert "已应用" in text
    assert rows() == ["k:1#1"]
    assert not Quarantine.objects.exists()


def test_table_of_a_disk_by_the_stolen_key(one: Victim, tmp_path: Path) -> None:
    fields = {"sender": "outer", "recipient": "inner", "journey": "0" * 16, "disk": 1, "disks": 1, "files": []}
    for name, signer in (("stolen", one.stolen), ("new", one.replaced)):
        (tmp_path / f"disk-{name}").mkdir()
        contents.write(tmp_path / f"disk-{name}", contents.Index(**fields, head=None), signer)
    assert reading.read(tmp_path / "disk-stolen").complaints == []
    trusting.apply(one.trust())
    assert "目录不可信" in reading.read(tmp_path / "disk-stolen").complaints[0]
    assert reading.read(tmp_path / "disk-new").complaints == []


def test_command(one: Victim, tmp_path: Path) -> None:
    file = tmp_path / "outer.trust"
    assert "不存在" in complaint("apply_trust", file)
    file.write_bytes(one.trust())
    code, text = run("apply_trust", file)
    assert (code, "第 1 版" in text, one.stolen.card.sign_id in text) == (0, True, True)
    assert "没有改动" in run("apply_trust", file)[1]
    file.write_bytes(one.trust(2, revoked=[one.revoked()]))
    assert json.loads(run("apply_trust", file, "--json")[1])["version"] == 2
    file.write_bytes(one.trust(1))
    code, text = run("apply_trust", file)
    assert (code, "旧" in text) == (3, True)
    assert Quarantine.objects.get().code == "old_trust"
    assert not file.exists()
    big = tmp_path / "big"
    big.write_bytes(b"0" * (trust_files.LARGEST + 1000))
    assert json.loads(run("apply_trust", big, "--json")[1])["code"] == "too_large"


def test_command_tells_of_forgeries(one: Victim, tmp_path: Path) -> None:
    intake.open_path(one.peer.batch())
    one.peer.batch()
    open_one(one.peer.batch())
    file = tmp_path / "outer.trust"
    file.write_bytes(one.trust(revoked=[one.revoked(from_seq=1)]))
    text = run("apply_trust", file)[1]
    assert "第 1 批是伪造的" in text
    assert "等待中的 1 个文件" in text
