"""What a trust file calls forged when keys were taken back more than once, or changed by plan in between."""

from uuid import uuid4

import pytest

from sync import keys, rotation, trusting
from sync.models import InboxBatch, PeerKey, Stream
from tests.sync.conftest import open_one
from tests.sync.stolen import Victim

pytestmark = pytest.mark.usefixtures("topic")


def further(one: Victim, name: str) -> keys.SiteKeys:
    keys.create(one.folder / name, "outer")
    return keys.load(one.folder / name, "outer")


def next_epoch(one: Victim) -> None:
    """As if a new epoch had been approved here."""
    Stream.objects.filter(direction="in").update(current=False)
    PeerKey.objects.filter(valid_to_seq=None).update(valid_from_seq=1)
    one.peer.start(uuid4())


def change_keys(one: Victim, new: keys.SiteKeys) -> None:
    """By plan: a batch announces the new ones, the next ones are signed by them."""
    place = str(one.peer.stream), one.peer.seq + 1
    announced = rotation.announce(one.peer.keys.card, keys.NewPair(new.signer, new.opener), *place)
    assert open_one(one.peer.batch(new_keys=[announced])).state == "applied"
    one.peer.keys = new


def nothing_forged(data: bytes) -> None:
    assert trusting.apply(data).forged == []
    assert Stream.objects.get(direction="in", current=True).frozen == ""


def test_what_was_signed_between_two_thefts_is_good(one: Victim) -> None:
    """The second file still names the first key; what followed in that stream was signed by the key stolen later."""
    open_one(one.peer.batch())
    first = one.revoked()
    trusting.apply(one.trust(revoked=[first]))
    one.go_on()
    for _ in range(3):
        assert open_one(one.peer.batch()).state == "applied"
    next_epoch(one)
    assert open_one(one.peer.batch()).state == "applied"
    third = further(one, "third")
    second = one.revoked(public=one.replaced.card.sign)
    nothing_forged(one.trust(2, sign=third.card.sign, seal=third.card.seal, revoked=[first, second]))


def test_a_key_that_was_spent_between_two_thefts_is_good(one: Victim) -> None:
    """It was replaced by plan and destroyed: no file names it any more."""
    open_one(one.peer.batch())
    first = one.revoked()
    trusting.apply(one.trust(revoked=[first]))
    one.go_on()
    third, fourth = further(one, "third"), further(one, "fourth")
    open_one(one.peer.batch())
    change_keys(one, third)
    open_one(one.peer.batch())
    next_epoch(one)
    assert open_one(one.peer.batch()).state == "applied"
    second = one.revoked(public=third.card.sign)
    nothing_forged(one.trust(2, sign=fourth.card.sign, seal=fourth.card.seal, revoked=[first, second]))


def test_an_older_key_and_its_successor_stolen_at_once(one: Victim) -> None:
    """The older one ends in an earlier stream, where its successor went on."""
    open_one(one.peer.batch())
    second, third = further(one, "second"), further(one, "third")
    change_keys(one, second)
    older = one.revoked()
    open_one(one.peer.batch())
    next_epoch(one)
    assert open_one(one.peer.batch()).state == "applied"
    stolen = one.revoked(public=second.card.sign)
    nothing_forged(one.trust(sign=third.card.sign, seal=third.card.seal, revoked=[older, stolen]))


def test_a_forgery_of_the_second_theft_is_found(one: Victim) -> None:
    open_one(one.peer.batch())
    first = one.revoked()
    trusting.apply(one.trust(revoked=[first]))
    one.go_on()
    open_one(one.peer.batch())
    second, third = one.revoked(public=one.replaced.card.sign), further(one, "third")
    open_one(one.peer.batch())
    told = trusting.apply(one.trust(2, sign=third.card.sign, seal=third.card.seal, revoked=[first, second]))
    assert told.forged == [3]


def test_a_prepared_key_that_the_thief_has_announced(one: Victim) -> None:
    """Its owner names it as one that has signed nothing: all it signed is forged."""
    open_one(one.peer.batch())
    stolen, prepared = one.revoked(), further(one, "prepared")
    change_keys(one, prepared)
    open_one(one.peer.batch())
    unused = one.revoked(0, prepared.card.sign) | {"stream": ""}
    assert trusting.apply(one.trust(revoked=[stolen, unused])).forged == [2, 3]
    assert InboxBatch.objects.get(seq=3).signed_by == prepared.card.sign_id
