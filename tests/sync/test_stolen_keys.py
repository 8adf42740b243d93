"""The keys of a site are stolen while batches are under way: two sites, two databases, and a thief with the old keys."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from sync import keys, root_key
from tests.sync.peer import Peer
from tests.sync.repacking import members_of
from tests.sync.sites import LedgerSite, level, two_sites
from tests.sync.stolen import SECRET
from tests.sync.test_rotation import signer_of

Pair = tuple[LedgerSite, LedgerSite]


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pair]:
    """Outer and inner; the root of outer is enrolled at inner."""
    monkeypatch.setenv(root_key.PASSPHRASE, SECRET)
    with two_sites(tmp_path) as (outer, inner):
        outer.run("make_root", "--to", tmp_path / "medium")
        enrol(outer, inner, tmp_path / "outer.json")
        yield outer, inner


def enrol(site: LedgerSite, other: LedgerSite, card: Path) -> None:
    fingerprint = json.loads(site.run("export_key", "--to", card, "--json"))["fingerprint"]
    other.run("enrol_peer", card, "--fingerprint", fingerprint, "--replace")


def thief(outer: LedgerSite, inner: LedgerSite, folder: Path) -> Peer:
    """Has a copy of the key folder, and knows where the stream stands."""
    shutil.copytree(outer.home / "keys", folder / "keys")
    forger = Peer(folder, "outer", keys.load(inner.home, "inner").card)
    head = outer.status()["outgoing"]
    forger.start(UUID(head["stream"]))
    forger.seq, forger.rseq, forger.chain = head["seq"], head["rseq"], bytes.fromhex(head["chain"])
    return forger


def roots(paths: list[Path]) -> list[str]:
    return [json.loads(members_of(path)["batch.json"])["content_root"] for path in paths]


def exchange_back(pair: Pair, folder: Path) -> None:
    outer, inner = pair
    inner.seal(folder)
    outer.run("open_batch", folder)


def test_compromise_in_mid_stream(pair: Pair, tmp_path: Path) -> None:
    outer, inner = pair
    outer.note(2)
    inner.run("open_batch", outer.seal(tmp_path / "a")[0])
    exchange_back(pair, tmp_path / "receipt")
    under_way = []
    for first in (3, 5):
        outer.note(2, first=first)
        under_way += outer.seal(tmp_path / "b")
    before = roots(under_way)
    inner.run("open_batch", under_way[1], code=2)  # waits for the one before it
    forger = thief(outer, inner, tmp_path / "thief")

    outer.run("make_keys", "--replace", "--reason", "服务器被入侵")
    stolen, new = forger.keys.card, keys.load(outer.home, "outer").card
    assert stolen.sign_id != new.sign_id
    outer.run("sign_trust", "--root", tmp_path / "medium", "--to", tmp_path / "outer.trust")
    told = json.loads(inner.run("apply_trust", tmp_path / "outer.trust", "--json"))
    assert set(told["revoked"]) == {stolen.sign_id, stolen.seal_id}
    assert told["forged"] == []

    forger.prev = before[1]
    forged = json.loads(inner.run("open_batch", forger.batch(), "--json", code=3))["files"][0]
    assert forged["code"] == "key_revoked"
    old_copy = json.loads(inner.run("open_batch", under_way[0], "--json", code=3))["files"][0]
    assert old_copy["code"] == "key_revoked"

    anew = outer.seal(tmp_path / "c")
    assert roots(anew) == before
    assert [signer_of(path) for path in anew] == [new.sign_id] * 2
    inner.run("open_batch", tmp_path / "c")
    assert level(outer, inner)
    assert [row[1] for row in inner.rows()] == [1, 2, 3, 4, 5, 6]
    assert inner.status()["incoming"]["parked"] == 0


def test_both_directions_go_on_afterwards(pair: Pair, tmp_path: Path) -> None:
    """What is on its way to the victim, sealed to its old key, is still opened."""
    outer, inner = pair
    outer.note(1)
    inner.run("open_batch", outer.seal(tmp_path / "a")[0])
    inner.note(1)
    on_its_way = inner.seal(tmp_path / "b")[0]
    outer.run("make_keys", "--replace", "--reason", "盘丢了")
    outer.run("sign_trust", "--root", tmp_path / "medium", "--to", tmp_path / "outer.trust")
    outer.run("open_batch", on_its_way)
    inner.run("apply_trust", tmp_path / "outer.trust")
    inner.note(1, first=2)
    inner.seal(tmp_path / "c")
    outer.run("open_batch", tmp_path / "c")
    assert level(inner, outer)
    outer.note(1, first=2)
    outer.seal(tmp_path / "d")
    inner.run("open_batch", tmp_path / "d")
    assert level(outer, inner)
    sealed_to = json.loads(members_of(next((tmp_path / "c").glob("*0002-*.zip")))["volume.json"])["recipient_key"]
    assert sealed_to == keys.load(outer.home, "outer").card.seal_id


def test_the_receipt_was_lost(pair: Pair, tmp_path: Path) -> None:
    """The victim offers again what the peer has applied; it is recognised, not refused, and a receipt comes back."""
    outer, inner = pair
    outer.note(1)
    inner.run("open_batch", outer.seal(tmp_path / "a")[0])
    outer.run("make_keys", "--replace", "--reason", "盘丢了")
    outer.run("sign_trust", "--root", tmp_path / "medium", "--to", tmp_path / "outer.trust")
    inner.run("apply_trust", tmp_path / "outer.trust")
    again = outer.seal(tmp_path / "b")
    said = json.loads(inner.run("open_batch", again[0], "--json"))["files"][0]
    assert said["state"] == "duplicate"
    exchange_back(pair, tmp_path / "c")
    assert outer.status()["outgoing"]["acknowledged"] == 1


def test_new_batches_before_the_trust_file(pair: Pair, tmp_path: Path) -> None:
    """A disk is quicker than the trust file: refused as by an unknown key, kept, and opened without being carried again."""
    outer, inner = pair
    outer.note(1)
    outer.run("make_keys", "--replace", "--reason", "盘丢了")
    [path] = outer.seal(tmp_path / "a")
    assert json.loads(inner.run("open_batch", path, "--json", code=3))["files"][0]["code"] == "unknown_key"
    outer.run("sign_trust", "--root", tmp_path / "medium", "--to", tmp_path / "outer.trust")
    assert "已应用" in inner.run("apply_trust", tmp_path / "outer.trust")
    assert level(outer, inner)


def test_the_announcement_of_a_planned_change_was_under_way(pair: Pair, tmp_path: Path) -> None:
    """Stolen are the old keys, the present ones and all that was prepared."""
    outer, inner = pair
    outer.note(1)
    inner.run("open_batch", outer.seal(tmp_path / "a")[0])
    first = keys.load(outer.home, "outer").card
    outer.run("rotate_key")
    outer.note(1, first=2)
    outer.seal(tmp_path / "b")  # announces
    second = keys.load(outer.home, "outer").card
    outer.run("rotate_key")  # prepared, never announced
    outer.note(1, first=3)
    forger = thief(outer, inner, tmp_path / "thief")
    outer.run("make_keys", "--replace", "--reason", "服务器被入侵")
    outer.run("sign_trust", "--root", tmp_path / "medium", "--to", tmp_path / "outer.trust")
    told = json.loads(inner.run("apply_trust", tmp_path / "outer.trust", "--json"))
    assert {first.sign_id, second.sign_id, first.seal_id, second.seal_id} <= set(told["revoked"])
    assert len(told["revoked"]) == 6
    forger.prev = "0" * 64
    for sign_with in (forger.keys, forger.keys.signing_as(first.sign_id)):
        said = json.loads(inner.run("open_batch", forger.batch(sign_with=sign_with, keep_heads=True), "--json", code=3))
        assert said["files"][0]["code"] == "key_revoked"
    outer.seal(tmp_path / "c")
    inner.run("open_batch", tmp_path / "c")
    assert level(outer, inner)
    outer.run("rotate_key")
    outer.note(2, first=5)
    outer.seal(tmp_path / "d")
    outer.note(1, first=7)
    outer.seal(tmp_path / "d")
    inner.run("open_batch", tmp_path / "d")
    assert level(outer, inner)


def test_the_thief_was_quicker(pair: Pair, tmp_path: Path) -> None:
    """A forgery was applied before the theft was noticed: the trust file shows it, and the stream stops."""
    outer, inner = pair
    outer.note(1)
    [path] = outer.seal(tmp_path / "a")
    inner.run("open_batch", path)
    forger = thief(outer, inner, tmp_path / "thief")
    forger.prev = roots([path])[0]
    inner.run("open_batch", forger.batch([]))
    outer.run("make_keys", "--replace", "--reason", "服务器被入侵")
    outer.run("sign_trust", "--root", tmp_path / "medium", "--to", tmp_path / "outer.trust")
    assert json.loads(inner.run("apply_trust", tmp_path / "outer.trust", "--json"))["forged"] == [2]
    outer.note(1, first=2)
    outer.seal(tmp_path / "b")
    inner.run("open_batch", tmp_path / "b", code=3)  # the real second batch
    assert [row[1] for row in inner.rows()] == [1]


def test_without_a_root_two_people_telephone(tmp_path: Path) -> None:
    with two_sites(tmp_path) as (outer, inner):
        outer.note(1)
        assert "enrol_peer" in outer.run("make_keys", "--replace", "--reason", "盘丢了")
        assert "make_root" in outer.run("sign_trust", "--root", tmp_path, "--to", tmp_path / "x", code=1)
        enrol(outer, inner, tmp_path / "outer2.json")
        outer.seal(tmp_path / "a")
        inner.run("open_batch", tmp_path / "a")
        assert level(outer, inner)
