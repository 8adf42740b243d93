"""Damaged and forged files through the whole intake: nothing applied, a reason, the file kept, a good copy accepted."""

import os
import random
from pathlib import Path

import pytest
import zstandard

from sync import canonical, frames, reports, status
from sync.models import InboxBatch, InboxRecord, Quarantine, Stream
from sync.reasons import REASONS
from tests.sync import forging
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line, name_of

pytestmark = pytest.mark.usefixtures("topic")
SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))


@pytest.fixture
def good(peer: Peer) -> Path:
    """A batch with a record and an attachment."""
    blob = b"attachment" * 200
    return peer.batch([line(1, blobs=[name_of(blob)])], blobs={name_of(blob): blob})


def refuse(path: Path, data: bytes, note: str = "") -> str:
    """Open these bytes; the reason. Everything but the reason is the same for all of them."""
    before = set(Quarantine.objects.values_list("pk", flat=True))
    path.write_bytes(data)
    outcome = open_one(path)
    assert outcome.state == reports.REFUSED, note
    [row] = Quarantine.objects.exclude(pk__in=before)
    assert row.code in REASONS, note
    assert row.sentence == outcome.sentence, note
    assert Path(row.kept_as).read_bytes() == data, note
    assert not path.exists(), note
    assert (rows(), status.incoming().seq) == ([], 0), note
    assert not InboxBatch.objects.exists(), note
    assert not InboxRecord.objects.exists(), note
    assert not Stream.objects.exclude(frozen="").exists(), note
    return row.code


def accept(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    assert open_one(path).state == reports.APPLIED
    assert rows() == ["k:1#1"]


@pytest.mark.parametrize("kind", forging.DAMAGES)
def test_damaged(kind: str, good: Path) -> None:
    data, chance = good.read_bytes(), random.Random(SEED)
    for number in range(12):
        other = data
        while other == data:  # a sector may be empty already
            other = forging.DAMAGES[kind](data, chance)
        refuse(good.with_name(f"damaged-{number}.zip"), other, f"{kind} {number}, seed {SEED}")
    accept(good, data)


@pytest.mark.parametrize("trick", forging.TRICKS)
def test_packed_by_a_trickster(trick: str, good: Path) -> None:
    data = good.read_bytes()
    assert refuse(good.with_name("trick.zip"), forging.rezipped(good, trick)) in ("truncated", "zip_structure")
    accept(good, data)


@pytest.mark.parametrize("name", ["volume", "batch"])
@pytest.mark.parametrize("trick", forging.JSON_TRICKS)
def test_manifest_that_hides_something(trick: str, name: str, good: Path, peer: Peer) -> None:
    raw = forging.JSON_TRICKS[trick](forging.member(good, f"{name}.json"))
    data = good.read_bytes()
    assert refuse(good.with_name("json.zip"), forging.signed(good, peer, **{name: raw})) == "bad_manifest"
    accept(good, data)


@pytest.mark.parametrize("trick", forging.JSON_TRICKS)
def test_record_that_hides_something(trick: str, peer: Peer) -> None:
    bad = forging.JSON_TRICKS[trick](line(1))
    path = peer.batch([line(1)], content_lines=[bad], keep_heads=True)
    assert refuse(path, path.read_bytes()) == "bad_record"
    accept(path, peer.batch([line(1)]).read_bytes())


def test_records_that_swell(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(200 * 1024 * 1024))
    with monkeypatch.context() as swelling:
        swelling.setattr(frames, "_blocks", lambda _lines: iter([b""]))
        swelling.setattr(frames.zstandard, "ZstdCompressor", lambda **_: _Ready(bomb))
        path = peer.batch([line(1)], keep_heads=True)
    assert refuse(path, path.read_bytes()) == "too_large"
    accept(path, peer.batch([line(1)]).read_bytes())


class _Ready:
    def __init__(self, packed: bytes) -> None:
        self._packed = packed

    def compress(self, _block: bytes) -> bytes:
        return self._packed


@pytest.mark.parametrize(
    ("member", "change"),
    [
        ("volume", {"sender_key": "0" * 16}),
        ("volume", {"size": 1}),
        ("volume", {"suite": "clear"}),
        ("volume", {"sender": "inner"}),
        ("volume", {"stream": "00000000-0000-4000-8000-000000000000"}),
        ("volume", {"seq": 2}),
        ("volume", {"vol": 2}),
        ("volume", {"last": False}),
        ("volume", {"recipient": "outer"}),
        ("volume", {"recipient_key": "0" * 16}),
        ("volume", {"sha256": "0" * 64}),
        ("batch", {"seq": 2}),
        ("batch", {"sender": "inner"}),
        ("batch", {"recipient": "outer"}),
        ("batch", {"stream": "00000000-0000-4000-8000-000000000000"}),
        ("batch", {"volumes": ["0" * 64]}),
        ("batch", {"volumes": ["0" * 64, "1" * 64]}),
        ("batch", {"content_root": "0" * 64}),
        ("batch", {"rseq_last": 2}),
        ("batch", {"prev": "0" * 64}),
        ("batch", {"chain_after": "0" * 64}),
        ("batch", {"kinds": []}),
    ],
)
def test_manifest_changed_by_the_sender_himself(member: str, change: dict[str, object], good: Path, peer: Peer) -> None:
    value = canonical.decode(forging.member(good, f"{member}.json")) | change
    data = good.read_bytes()
    refuse(good.with_name("changed.zip"), forging.signed(good, peer, **{member: canonical.encode(value)}))
    accept(good, data)
