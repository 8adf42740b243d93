"""A trust file of the peer changes which keys are good, once and for all."""

from pathlib import Path

import pytest

from sync import (
    batch_out,
    keys,
    peers,
    root_key,
    rotation,
    trusting,
)
from sync.models import Peer as PeerRow
from sync.models import PeerKey, Stream
from sync.reports import APPLIED, DUPLICATE, REFUSED
from tests.sync.conftest import open_one, rows
from tests.sync.stolen import SECRET, Victim
from tests.sync.trust.keys_here import refusal, states

pytestmark = pytest.mark.usefixtures("topic")


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
    assert trusting.apply(one.trust(revoked=revoked)).revoked == [one.stolen.card.sign_id, lost.card.sign_id]
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


def test_keys_that_followed_by_plan_are_taken_from_the_file_when_it_comes_first(one: Victim) -> None:
    """The owner has changed keys since, and the batch that says so is still under way: the file is the newer word."""
    trusting.apply(one.trust())
    keys.create(one.folder / "later", "outer")
    later = keys.load(one.folder / "later", "outer")
    trusting.apply(one.trust(2, sign=later.card.sign, seal=later.card.seal))
    assert peers.peer_card().sign == later.card.sign
    assert open_one(one.peer.batch(sign_with=later)).state == APPLIED


def test_the_same_file_again_gives_no_receipt(one: Victim, tmp_path: Path) -> None:
    """It lies in a gate from which it is never removed: nothing new is said to the peer each time it is read."""
    open_one(one.peer.batch())
    data = one.trust()
    trusting.apply(data)
    batch_out.seal_all(tmp_path / "disk")
    trusting.apply(data)
    assert batch_out.seal_all(tmp_path / "disk") == []


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


@pytest.mark.parametrize("rooted", [True, False], ids=["by another", "by none"])
def test_the_kept_file_of_a_replaced_root_is_passed_over(one: Victim, tmp_path: Path, rooted: bool) -> None:
    trusting.apply(one.trust())
    if rooted:
        root_key.make(tmp_path / "m2", tmp_path / "new", SECRET)
    card = keys.load(tmp_path / "new", "outer").card
    peers.enrol(card, card.fingerprint, replace=True)
    one.go_on()
    assert open_one(one.peer.batch()).state == APPLIED
    assert PeerRow.objects.get().trust_version == 0
