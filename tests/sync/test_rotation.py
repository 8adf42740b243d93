"""New keys in mid-stream: announced by the old key, proven by the new one, good from the next batch on."""

import os
from pathlib import Path
from typing import Any

import pytest

from sync import batch_out, envelope, intake, key_change, keys, outbox, own_keys, peers, rotation, verify
from sync.manifest import NewKeys
from sync.models import Peer as PeerRow
from sync.models import PeerKey, Quarantine
from sync.reasons import Refused
from sync.reports import APPLIED, DUPLICATE, PARKED, REFUSED
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer

pytestmark = pytest.mark.usefixtures("topic")


def section(peer: Peer, **changes: Any) -> dict[str, Any]:
    """What the peer's next batch says about its prepared keys."""
    key_change.prepare(peer.home, "")
    peer.keys = keys.load(peer.home, "outer")
    assert peer.keys.following
    return rotation.announce(peer.keys.card, peer.keys.following, str(peer.stream), peer.seq + 1) | changes


def switch(peer: Peer) -> tuple[Path, keys.SiteKeys]:
    """The announcing batch, and the keys that signed it; the peer goes on with the new ones."""
    new_keys, old = [section(peer)], peer.keys
    path = peer.batch(new_keys=new_keys)
    key_change.settle(peer.home, old.card)
    peer.keys = keys.load(peer.home, "outer")
    return path, old


def test_receiver_switches_by_itself(rotating: Peer) -> None:
    open_one(rotating.batch())
    path, old = switch(rotating)
    assert open_one(path).state == APPLIED
    assert peers.peer_card() == rotating.keys.card != old.card
    assert PeerRow.objects.get().fingerprint == rotating.keys.card.fingerprint
    assert open_one(rotating.batch()).state == APPLIED
    by_use = set(PeerKey.objects.values_list("use", "state", "valid_from_seq", "valid_to_seq"))
    expected = {("sign", "retired", 1, 2), ("sign", "active", 3, None)}
    if old.card.seal:
        expected |= {("seal", "retired", 1, 2), ("seal", "active", 3, None)}
    assert by_use == expected


def test_old_key_after_the_switch(rotating: Peer) -> None:
    path, old = switch(rotating)
    open_one(path)
    assert open_one(rotating.batch(sign_with=old, keep_heads=True)).code == "key_not_valid"
    assert rows() == ["k:1#1"]
    assert open_one(rotating.batch()).state == APPLIED


def test_new_key_before_the_switch(rotating: Peer) -> None:
    """Known since batch 2, and still not good for batch 1 in another copy."""
    first = rotating.batch(keep_heads=True)
    open_one(first)
    heads = rotating.seq, rotating.rseq, rotating.prev, rotating.chain
    rotating.batch()
    path, old = switch(rotating)
    assert open_one(path).state == APPLIED
    new, rotating.keys = rotating.keys, old
    rotating.seq, rotating.rseq, rotating.prev, rotating.chain = heads
    assert open_one(rotating.batch(sign_with=new, name="early.zip")).code == "key_not_valid"


def test_late_arrival_by_the_old_key_is_accepted(rotating: Peer) -> None:
    first = rotating.batch()
    path, _ = switch(rotating)
    open_one(first)
    open_one(path)
    assert open_one(first).state == DUPLICATE


def test_batches_in_any_order_heal(rotating: Peer) -> None:
    """What the new key signed comes before anybody could know that key: refused, kept, and looked at again."""
    first = rotating.batch()
    announcing, _ = switch(rotating)
    third, fourth = rotating.batch(), rotating.batch()
    for early in (fourth, third):
        assert (open_one(early).state, Quarantine.objects.latest("pk").code) == (REFUSED, "unknown_key")
    assert open_one(announcing).state == PARKED
    assert [outcome.seq for outcome in intake.open_path(first)][:2] == [1, 2]
    assert rows() == [f"k:1#{n}" for n in (1, 2, 3, 4)]
    assert not Quarantine.objects.exists()


def test_folder_with_a_change_in_the_middle(rotating: Peer) -> None:
    rotating.batch(name="z.zip")
    new_keys, old = [section(rotating)], rotating.keys
    rotating.batch(new_keys=new_keys, name="y.zip")
    key_change.settle(rotating.home, old.card)
    rotating.keys = keys.load(rotating.home, "outer")
    rotating.batch(name="a.zip")
    assert [outcome.state for outcome in intake.open_path(rotating.home / "out")] == [APPLIED] * 3


def test_two_changes_one_after_the_other(rotating: Peer) -> None:
    paths = [switch(rotating)[0], switch(rotating)[0], rotating.batch()]
    assert [open_one(path).state for path in paths] == [APPLIED] * 3


@pytest.mark.parametrize("wrong", ["proof", "suite", "sign", "place", "stream", "same", "unknown"])
def test_announcement_without_proof(rotating: Peer, tmp_path: Path, wrong: str) -> None:
    suite = rotating.keys.card.suite
    stranger = Peer(tmp_path / "stranger", "outer", suite=suite)
    good = section(rotating)
    following = rotating.keys.following
    assert following
    bad = {
        "proof": good | {"proof": "0" * 128},
        "suite": good | {"suite": "clear" if suite != "clear" else "intl"},
        "sign": good | {"sign": stranger.keys.card.sign},
        "place": rotation.announce(rotating.keys.card, following, str(rotating.stream), 2),
        "stream": rotation.announce(rotating.keys.card, following, "0" * 8 + "-0000" * 3 + "-" + "0" * 12, 1),
        "same": rotation.announce(
            rotating.keys.card, keys.NewPair(rotating.keys.signer, following.opener), str(rotating.stream), 1
        ),
        "unknown": rotation.announce(stranger.keys.card, following, str(rotating.stream), 1),
    }[wrong]
    path = rotating.batch(new_keys=[bad])
    assert (open_one(path).code, rows()) == ("bad_new_keys", [])
    assert peers.peer_card() == rotating.keys.card


def test_a_change_of_keys_changes_no_suite(rotating: Peer) -> None:
    """Truly proven by the new key: a reader that took it would hold keys of one suite for keys of another."""
    section(rotating)
    other = "clear" if rotating.keys.card.suite != "clear" else "intl"
    mixed = rotating.keys.card.model_copy(update={"suite": other})
    assert rotating.keys.following
    announced = rotation.announce(mixed, rotating.keys.following, str(rotating.stream), 1)
    assert open_one(rotating.batch(new_keys=[announced])).code == "bad_new_keys"
    assert peers.peer_card() == rotating.keys.card


@pytest.mark.parametrize("rotating", ["intl", "gm"], indirect=True)
def test_one_key_for_both_uses_is_no_announcement(rotating: Peer) -> None:
    """Each key has one row by its name: the second use would push the first one out, and nothing could be opened again."""
    section(rotating)
    assert rotating.keys.following
    signer: Any = rotating.keys.following.signer
    twice = rotation.announce(rotating.keys.card, keys.NewPair(signer, signer), str(rotating.stream), 1)
    assert twice["sign"] == twice["seal"]
    assert open_one(rotating.batch(new_keys=[twice])).code == "bad_new_keys"
    assert peers.peer_card() == rotating.keys.card


def test_an_announcement_of_the_same_key_is_refused_before_its_turn(rotating: Peer) -> None:
    """Not kept as if only an earlier batch were missing: when its turn comes, the whole stream would stand still."""
    rotating.batch()
    section(rotating)
    following = rotating.keys.following
    assert following
    same = keys.NewPair(rotating.keys.signer, following.opener)
    announced = rotation.announce(rotating.keys.card, same, str(rotating.stream), 2)
    outcome = open_one(rotating.batch(new_keys=[announced]))
    assert (outcome.state, outcome.code) == (REFUSED, "bad_new_keys")


def test_key_that_was_used_before_does_not_return(rotating: Peer) -> None:
    path, old = switch(rotating)
    open_one(path)
    back = rotation.announce(rotating.keys.card, keys.NewPair(old.signer, old.opener), str(rotating.stream), 2)
    assert open_one(rotating.batch(new_keys=[back])).code == "bad_new_keys"
    assert peers.peer_card() == rotating.keys.card


def test_nothing_changes_when_the_batch_is_not_applied(rotating: Peer) -> None:
    rotating.batch()
    path, old = switch(rotating)
    assert open_one(path).state == PARKED
    assert peers.peer_card() == old.card


def test_announcement_is_content(rotating: Peer) -> None:
    """The same batch with and without it are two batches: an equivocation, not a copy."""
    open_one(rotating.batch(keep_heads=True, name="without.zip"))
    assert open_one(rotating.batch(new_keys=[section(rotating)], name="with.zip")).code == "equivocation"


def test_archived_batches_can_still_be_verified(
    rotating: Peer, data_dir: Path, django_capture_on_commit_callbacks: Any
) -> None:
    first = rotating.batch()
    path, _ = switch(rotating)
    with django_capture_on_commit_callbacks(execute=True):
        intake.open_files([first, path])
    known = verify.Known.of_site(data_dir, "inner")
    assert [verify.examine(one, known).code for one in (first, path, rotating.batch())] == ["", "", ""]


# --- this site changes its own keys


def seal(folder: Path, n: int) -> Path:
    outbox.record(TOPIC, "k:1", {"n": n})
    *_, batch = batch_out.seal_all(folder)  # the last one: an announcement may go along with it
    return Path(batch.file_path)


def signer_of(path: Path) -> str:
    from tests.sync.repacking import members_of

    return members_of(path)["volume.sig"][: envelope.KEY_ID].hex()


def test_own_change(rotating: Peer, tmp_path: Path) -> None:
    old = peers.site_keys()
    first = seal(tmp_path / "a", 1)
    assert own_keys.prepare() is True
    assert own_keys.prepare() is False
    announcing = seal(tmp_path / "a", 2)
    new = peers.site_keys()
    last = seal(tmp_path / "a", 3)
    assert [signer_of(path) for path in (first, announcing, last)] == [old.card.sign_id] * 2 + [new.card.sign_id]
    batch, records, _ = rotating.read(announcing, old.card)
    assert [change.sign for change in batch.new_keys] == [new.card.sign]
    assert len(records) == 1
    assert rotating.read(last, new.card)[0].new_keys == []


def test_a_change_is_announced_though_nothing_waits(rotating: Peer, tmp_path: Path) -> None:
    own_keys.prepare()
    [batch] = batch_out.seal_all(tmp_path / "a")
    assert (batch.records, len(batch.new_keys)) == (0, 1)
    assert batch_out.seal_all(tmp_path / "a") == []


def test_files_made_again_are_signed_as_then(rotating: Peer, tmp_path: Path) -> None:
    old = peers.site_keys()
    seal(tmp_path / "a", 1)
    own_keys.prepare()
    seal(tmp_path / "a", 2)
    seal(tmp_path / "a", 3)
    batch_out.again(1, 3)
    again = batch_out.seal_all(tmp_path / "b")
    new = peers.site_keys().card
    signed = [signer_of(Path(batch.file_path)) for batch in again]
    assert signed == [old.card.sign_id, old.card.sign_id, new.sign_id]


@pytest.mark.parametrize("step", ["replace", "link", "fsync_dir"])
def test_killed_while_the_files_change_places(
    rotating: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The batch is sealed, the files are not where they belong: whatever was done, the next run finishes it."""
    own_keys.prepare()
    following = peers.site_keys().following
    assert following

    class Killed(BaseException):
        pass

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as killed:
        if step == "replace":
            killed.setattr(key_change, "settle", dies)
        elif step == "link":
            killed.setattr(os, "link", dies)
        else:
            killed.setattr(key_change.durable, "fsync_dir", dies)
        with pytest.raises(Killed):
            batch_out.seal_all(tmp_path / "a")
    again = batch_out.seal_all(tmp_path / "a")
    assert [(batch.seq, len(batch.new_keys)) for batch in again] == [(1, 1)]
    own = peers.site_keys()
    assert (own.card.sign, own.following) == (following.signer.public().hex(), None)
    assert own.card.seal == (following.opener.public().hex() if following.opener else "")
    assert own.older_signers
    assert signer_of(Path(again[0].file_path)) == own.older_signers[0].id()


def test_batches_sealed_to_the_old_key_are_still_opened(rotating: Peer, tmp_path: Path) -> None:
    before = rotating.batch()
    own_keys.prepare()
    batch_out.seal_all(tmp_path / "a")
    assert rotating.recipient != peers.site_keys().card
    assert open_one(before).state == APPLIED
    rotating.recipient = peers.site_keys().card
    assert open_one(rotating.batch()).state == APPLIED


def test_both_sides_at_once(rotating: Peer, tmp_path: Path) -> None:
    own_keys.prepare()
    sent = Path(batch_out.seal_all(tmp_path / "a")[0].file_path)
    path, _ = switch(rotating)
    assert open_one(path).state == APPLIED
    rotating.recipient = peers.site_keys().card
    assert open_one(rotating.batch()).state == APPLIED
    later = seal(tmp_path / "a", 9)
    assert rotating.read(later, peers.site_keys().card)[0].seq == 2
    assert sent.is_file()


def test_an_announcement_that_was_overtaken_changes_nothing(rotating: Peer, tmp_path: Path) -> None:
    """Its batch was sealed anew, with the same content, by keys that two people have compared meanwhile."""
    overtaken = NewKeys.model_validate(section(rotating))
    fresh = Peer(tmp_path / "fresh", "outer", rotating.recipient, rotating.keys.card.suite).keys.card
    peers.enrol(fresh, fresh.fingerprint, replace=True)
    peers.rotate(overtaken, fresh, after=1)
    assert peers.peer_card() == fresh


def test_who_has_an_older_key_announces_nothing(rotating: Peer) -> None:
    """Stolen keys are often old ones."""
    path, old = switch(rotating)
    open_one(path)
    present = peers.peer_card()
    with pytest.raises(Refused, match="bad_new_keys"):
        peers.rotate(NewKeys.model_validate(section(rotating)), old.card, after=1)
    assert peers.peer_card() == present
