"""How long an old key of this site is needed, and that what is destroyed was needed by nobody any more."""

from pathlib import Path

import pytest

from sync import batch_out, intake, key_change, keys, new_epochs, own_keys, peers
from sync.archive import LineLost
from sync.models import InboxBatch, Outbox, Stream
from sync.reports import APPLIED
from tests.sync.conftest import open_one
from tests.sync.peer import Peer, line
from tests.sync.restoring import forgotten
from tests.sync.test_epochs import begin

pytestmark = pytest.mark.usefixtures("topic")


def change(peer: Peer, folder: Path) -> keys.Card:
    """This site goes over to new keys, and so does the peer when it seals; the old card."""
    old = peers.site_keys().card
    own_keys.prepare()
    batch_out.seal_all(folder)
    peer.recipient = peers.site_keys().card
    return old


def covered(*, ours: int, theirs: int) -> None:
    """How far the backups of both sides reach in what the peer sends."""
    Stream.objects.filter(direction="in", current=True).update(durable_seq=ours, backed_up_seq=theirs)


def test_old_keys_live_until_the_backups_cover_them(rotating: Peer, tmp_path: Path) -> None:
    open_one(rotating.batch())
    sealed_before = rotating.batch()
    old = change(rotating, tmp_path / "a")
    new = peers.site_keys().card
    assert own_keys.remove_spent() == []
    open_one(sealed_before)  # 2: on its way since before
    open_one(rotating.batch())
    assert InboxBatch.objects.get(seq=3).sealed_to == new.seal_id
    outgoing = Stream.objects.filter(direction="out")
    for ours, theirs in ((1, 2), (2, 1)):
        covered(ours=ours, theirs=theirs)
        assert own_keys.remove_spent() == []
    covered(ours=2, theirs=2)
    assert own_keys.remove_spent() == ([old.seal_id] if old.seal else [])
    outgoing.update(durable_seq=1)
    assert own_keys.remove_spent() == [old.sign_id]
    left = peers.site_keys()
    assert (left.card, left.older_signers, left.older_openers) == (new, (), ())


def test_backed_up_but_the_peer_may_not_know_yet(rotating: Peer, tmp_path: Path) -> None:
    open_one(rotating.batch())
    change(rotating, tmp_path / "a")
    covered(ours=1, theirs=1)
    assert own_keys.remove_spent() == []


def test_nothing_is_destroyed_before_the_peer_has_sent_anything(rotating: Peer, tmp_path: Path) -> None:
    """Its first batch may have been sealed long ago, and be on its way."""
    first = rotating.batch()
    change(rotating, tmp_path / "a")
    assert own_keys.remove_spent() == []
    assert open_one(first).state == APPLIED


def test_a_key_lives_as_long_as_the_peer_may_want_something_back(peer: Peer, tmp_path: Path) -> None:
    """Our backups hold what it sent, its own do not yet: its disk breaks, and what it lost is only in our archive."""
    open_one(peer.batch())
    old = change(peer, tmp_path / "a")
    open_one(peer.batch())
    covered(ours=2, theirs=0)
    Stream.objects.filter(direction="out").update(durable_seq=1)
    assert own_keys.remove_spent() == [old.sign_id]
    open_one(begin(peer, []))
    new_epochs.approve("高岚")
    assert Outbox.objects.filter(topic="sync.returned").count() == 2


def test_a_key_of_the_epoch_before_lives_until_the_backups_reach_into_the_present_one(
    peer: Peer, tmp_path: Path
) -> None:
    open_one(peer.batch())
    old = change(peer, tmp_path / "a")
    open_one(begin(peer, [line(1)]))
    new_epochs.approve("高岚")
    intake.open_files([])
    assert InboxBatch.objects.filter(stream__current=True, sealed_to=peers.site_keys().card.seal_id).exists()
    for ours, theirs in ((0, 1), (1, 0)):
        covered(ours=ours, theirs=theirs)
        assert own_keys.remove_spent() == []
    covered(ours=1, theirs=1)
    assert own_keys.remove_spent() == [old.seal_id]


def test_a_key_whose_announcement_the_database_has_forgotten_is_kept(peer: Peer, tmp_path: Path) -> None:
    """It was restored from a backup of before: nothing here tells what that key has signed."""
    with forgotten():
        old = change(peer, tmp_path / "a")
    assert own_keys.remove_spent() == []
    assert [key.id() for key in peers.site_keys().older_signers] == [old.sign_id]


def test_a_key_that_another_run_has_destroyed_is_not_told_of_again(
    peer: Peer, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = change(peer, tmp_path / "a")
    Stream.objects.filter(direction="out").update(durable_seq=1)
    mine = peers.site_keys()
    assert own_keys.remove_spent() == [old.sign_id]
    monkeypatch.setattr(peers, "site_keys", lambda: mine)
    assert own_keys.remove_spent() == []


def test_what_only_a_lost_key_could_open_is_said_and_not_given_back(peer: Peer, tmp_path: Path, data_dir: Path) -> None:
    """The keys were restored from a backup that has not got the older ones: the person may go on without them."""
    open_one(peer.batch())
    old = change(peer, tmp_path / "a")
    open_one(begin(peer, []))
    key_change.drop(data_dir, keys.SEAL_FILE, old.seal_id)
    with pytest.raises(LineLost, match=r"归档文件 .*0000000001.* 读不出来"):
        new_epochs.approve("高岚")
    new_epochs.approve("高岚", give_up_lost=True)
    assert not Outbox.objects.filter(topic="sync.returned").exists()
