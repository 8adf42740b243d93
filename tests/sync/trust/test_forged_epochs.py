"""A new epoch that a thief has proposed does not outlive his key."""

from pathlib import Path

import pytest

from sync import intake, new_epochs, trusting
from sync.epoch_records import STARTED
from sync.models import EpochChange, EpochFact, InboxBatch, InboxVolume, Quarantine, Stream
from sync.reports import APPLIED, PARKED
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line
from tests.sync.stolen import Victim
from tests.sync.test_epochs import begin, current

pytestmark = pytest.mark.usefixtures("topic")


def forge(one: Victim, number: int = 2_000_000_000) -> Peer:
    """The thief begins an epoch; he as he goes on."""
    thief = Peer(one.folder / "thief", "outer", one.peer.recipient)
    thief.keys = one.stolen
    thief.stream, thief.seq, thief.rseq = one.peer.stream, one.peer.seq, one.peer.rseq
    thief.prev, thief.chain = one.peer.prev, one.peer.chain
    assert open_one(begin(thief, [line(1)], number=number)).code == "epoch"
    return thief


def sign_anew(parked: InboxBatch, one: Victim) -> None:
    """As if a key that is good had signed what waits there."""
    kept = Path(parked.file_path)
    one.peer.batch([], sign_with=one.replaced, keep_heads=True, name="good.zip").replace(kept)


def revoke(one: Victim) -> trusting.Applied:
    done = trusting.apply(one.trust())
    one.go_on()
    return done


def nothing_is_left() -> None:
    assert new_epochs.waiting() is None
    assert not EpochChange.objects.exists()
    assert not EpochFact.objects.exists()
    assert not InboxBatch.objects.filter(waits_for="epoch").exists()
    assert Stream.objects.filter(direction="in").count() == 1


def test_withdrawn_with_the_key_and_the_stream_goes_on(one: Victim) -> None:
    open_one(one.peer.batch())
    thief = forge(one)
    assert open_one(thief.batch([])).code == "epoch"
    assert current().frozen
    assert revoke(one).set_apart == 2
    nothing_is_left()
    assert current().frozen == ""
    assert open_one(one.peer.batch()).state == APPLIED
    assert [row.code for row in Quarantine.objects.all()] == ["key_revoked"] * 2


def test_a_genuine_epoch_made_anew_is_proposed_again(one: Victim) -> None:
    """It had begun before the theft was noticed: the same stream, signed by the new key."""
    open_one(one.peer.batch())
    assert open_one(begin(one.peer, [line(1)], keep_heads=True)).code == "epoch"
    revoke(one)
    nothing_is_left()
    started = {"number": 2, "previous": None, "base": None, "reason": "磁盘损坏", "by": "许航"}
    started |= {"receipt_seen": 0, "facts": 0}
    anew = one.peer.batch([line(1, "sync.epoch:x", started, topic=STARTED)], name="anew.zip")
    assert open_one(anew).code == "epoch"
    assert "第 2 纪元" in current().frozen
    new_epochs.approve("高岚")
    assert [outcome.state for outcome in intake.open_files([])] == [APPLIED]
    assert open_one(one.peer.batch()).state == APPLIED
    assert current().epoch == one.peer.stream


def test_what_froze_the_stream_before_stays(one: Victim) -> None:
    open_one(one.peer.batch())
    Stream.objects.filter(direction="in").update(frozen="批次 2：分叉")
    forge(one)
    assert new_epochs.waiting() is not None
    revoke(one)
    nothing_is_left()
    assert current().frozen == "批次 2：分叉"
    assert open_one(one.peer.batch()).state == PARKED


def test_two_contents_of_one_batch_outlast_the_proposal(one: Victim) -> None:
    open_one(one.peer.batch(keep_heads=True))
    other = one.peer.batch([line(1, payload={"n": 9})], name="other.zip")
    forge(one)
    assert "第 2000000000 纪元" in current().frozen
    assert open_one(other).code == "equivocation"
    revoke(one)
    nothing_is_left()
    assert current().frozen.startswith("批次 1：")
    assert open_one(one.peer.batch()).state == PARKED


@pytest.mark.parametrize("newest", ["good", "forged"])
def test_another_proposal_keeps_the_stream_frozen(one: Victim, newest: str) -> None:
    """It was signed by a key that is good: only the forged one goes."""
    open_one(one.peer.batch())
    forge(one, number=2)
    forge(one, number=3)
    assert "第 3 纪元" in current().frozen
    good = 3 if newest == "good" else 2
    sign_anew(InboxBatch.objects.get(stream__number=good), one)
    revoke(one)
    assert EpochChange.objects.get().stream.number == good
    assert f"第 {good} 纪元" in current().frozen


def test_of_several_volumes(one: Victim) -> None:
    open_one(one.peer.batch())
    forge(one)
    first = InboxBatch.objects.select_related("stream").get(waits_for="epoch")
    place = {"epoch": first.stream.epoch, "seq": 1, "vol": 1, "last": True, "volume_hash": "0" * 64}
    InboxVolume.objects.create(**place, file_path=first.file_path)
    assert revoke(one).set_apart == 1
    nothing_is_left()
    assert not InboxVolume.objects.exists()


def test_what_waits_behind_it_by_a_good_key_comes_again(one: Victim) -> None:
    """The first batch is made anew; the second needs not be carried once more."""
    open_one(one.peer.batch())
    thief = forge(one)
    second = thief.batch([line(3)], keep_heads=True, name="second.zip")
    assert open_one(second).code == "epoch"
    sign_anew(InboxBatch.objects.get(seq=2, waits_for="epoch"), one)
    revoke(one)
    nothing_is_left()
    assert set(Quarantine.objects.values_list("code", "epoch")) == {
        ("key_revoked", None),
        ("unknown_stream", thief.stream),
    }


def test_an_approved_one_stays(one: Victim) -> None:
    """What a person has approved is no proposal any more: forgeries in it are found by their numbers."""
    open_one(one.peer.batch())
    thief = forge(one)
    new_epochs.approve("高岚")
    assert revoke(one).set_apart == 1
    assert current().epoch == thief.stream
    assert EpochChange.objects.get().approved_by == "高岚"
    assert rows() == ["k:1#1"]
