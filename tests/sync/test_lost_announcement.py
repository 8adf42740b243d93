"""The batch that announces new keys is lost: it goes along with every later one, and what came too early is opened then."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import batch_out, outbox, own_keys, peers, replacing
from sync.models import Batch, Delivery, SentVolume, Stream
from tests.sync.conftest import open_one
from tests.sync.peer import TOPIC, Peer
from tests.sync.sites import LedgerSite, level, two_sites
from tests.sync.test_rotation import seal, signer_of

Pair = tuple[LedgerSite, LedgerSite]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Outer and inner."""
    with two_sites(tmp_path) as pair:
        yield pair


def carry(site: LedgerSite, folder: Path, code: int = 0) -> list[tuple[str, int]]:
    """What becomes of the files of a disk."""
    found = json.loads(site.run("open_batch", folder, "--json", code=code))["files"]
    return [(one["code"] or one["state"], one["seq"]) for one in found]


def lose_the_announcement(pair: Pair, tmp_path: Path) -> Path:
    """Batch 1 arrives, batch 2 announces and is lost; the file of batch 3, and the announcement on its disk lost as well."""
    outer, inner = pair
    outer.note(1)
    inner.run("open_batch", outer.seal(tmp_path / "a")[0])
    outer.run("rotate_key")
    outer.note(1, first=2)
    [lost] = outer.seal(tmp_path / "lost")
    outer.note(1, first=3)
    both = outer.seal(tmp_path / "b")
    assert [path.name for path in both] == [lost.name, both[1].name]
    assert both[0].read_bytes() == lost.read_bytes()  # by the old key, who else
    both[0].unlink()
    return both[1]


def test_one_disk_with_both(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    outer.run("rotate_key")
    outer.seal(tmp_path / "lost")
    outer.note(1)
    outer.seal(tmp_path / "b")
    assert carry(inner, tmp_path / "b") == [("applied", 1), ("applied", 2)]
    assert level(outer, inner)


def test_what_came_too_early_is_not_carried_again(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    early = lose_the_announcement(pair, tmp_path)
    assert carry(inner, early, code=3) == [("unknown_key", 0)]
    assert "自动再打开" in inner.run("open_batch", outer_copy(early, tmp_path, outer), code=3)
    outer.note(1, first=4)
    outer.seal(tmp_path / "c")
    assert ("applied", 3) in carry(inner, tmp_path / "c")
    assert level(outer, inner)
    assert [row[1] for row in inner.rows()] == [1, 2, 3, 4]
    assert inner.status()["incoming"]["quarantined"] == 0


def outer_copy(early: Path, tmp_path: Path, outer: LedgerSite) -> Path:
    """The kept file of a batch, as another disk would bring it."""
    copy = tmp_path / "copy.zip"
    copy.write_bytes((outer.home / "batches" / "sent" / early.name).read_bytes())
    return copy


def test_a_heartbeat_brings_it_too(pair: Pair, tmp_path: Path) -> None:
    """Nothing new has happened since: the next sign of life is enough."""
    outer, inner = pair
    carry(inner, lose_the_announcement(pair, tmp_path), code=3)
    outer.run("seal_batch", "--to", tmp_path / "c", "--heartbeat")
    carry(inner, tmp_path / "c")
    assert level(outer, inner)


def test_the_batch_before_it_is_lost_too(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    outer.note(1)
    outer.seal(tmp_path / "lost")
    outer.run("rotate_key")
    outer.seal(tmp_path / "lost")
    outer.note(1, first=2)
    outer.seal(tmp_path / "b")
    assert carry(inner, tmp_path / "b", code=3) == [("gap", 2), ("unknown_key", 0)]
    inner.note(1)
    inner.seal(tmp_path / "back")
    outer.run("open_batch", tmp_path / "back")
    outer.seal(tmp_path / "c")
    assert ("applied", 1) in carry(inner, tmp_path / "c")
    assert level(outer, inner)


@pytest.mark.usefixtures("topic")
def test_until_it_is_confirmed(peer: Peer, tmp_path: Path) -> None:
    old = peers.site_keys().card
    own_keys.prepare()
    announcing = seal(tmp_path / "a", 1)
    Delivery.objects.create(channel="folder", volume=SentVolume.objects.get())
    seal(tmp_path / "b", 2)
    assert signer_of(tmp_path / "b" / announcing.name) == old.sign_id
    assert not Delivery.objects.exists()  # the courier brings it once more
    batch, stream = Batch.objects.get(seq=1), Stream.objects.get(direction="out")
    assert (batch.state, batch.revision) == (Batch.State.READY, 1)
    receipt = {"applied_seq": 1, "applied_rseq": batch.rseq_last, "chain": batch.chain_after}
    open_one(peer.batch([], receipts=[peer.receipt(str(stream.epoch), **receipt)]))
    seal(tmp_path / "c", 3)
    assert not (tmp_path / "c" / announcing.name).exists()


@pytest.mark.usefixtures("topic")
def test_nothing_new_nothing_repeated(peer: Peer, tmp_path: Path) -> None:
    own_keys.prepare()
    seal(tmp_path / "a", 1)
    assert batch_out.seal_all(tmp_path / "b") == []


@pytest.mark.usefixtures("topic")
def test_after_a_theft_the_trust_file_tells(peer: Peer, tmp_path: Path) -> None:
    """The announcement is signed anew by the newest key then, and would explain nothing."""
    own_keys.prepare()
    seal(tmp_path / "a", 1)
    replacing.replace("盘丢了")
    assert [batch.seq for batch in batch_out.seal_all(tmp_path / "b")] == [1]
    outbox.record(TOPIC, "k:1", {"n": 2})
    assert [batch.seq for batch in batch_out.seal_all(tmp_path / "c")] == [2]
