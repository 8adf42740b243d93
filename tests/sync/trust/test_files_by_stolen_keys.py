"""What lies or comes here by a revoked key, and what its owner says of it."""

from pathlib import Path

import pytest

from sync import (
    batch_out,
    outbox,
    peers,
    trusting,
    verify,
)
from sync.models import Batch, InboxBatch, InboxVolume, Quarantine, Receipt, Stream
from sync.reports import PARKED
from sync.transports.disk import contents, reading
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer, line, name_of
from tests.sync.stolen import Victim
from tests.sync.test_commands import run
from tests.sync.test_rotation import seal

pytestmark = pytest.mark.usefixtures("topic")


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
