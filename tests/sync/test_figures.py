"""The figures of the exchange: in numbers, in words, as a picture, for programs."""

import io
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity.models import User
from sync import batch_out, blobs, figures, intake, lag, metrics, outbox
from sync.models import Batch, InboxBatch, Outbox, Quarantine, Stream
from tests.people import PASSWORD
from tests.sync.conftest import open_one
from tests.sync.peer import TOPIC, Peer, line, name_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("topic")]
NOW = timezone.now()


def note(n: int) -> None:
    with transaction.atomic():
        outbox.record(TOPIC, "k:1", {"n": n}, blobs=[blobs.put(io.BytesIO(b"scan"))])


def stations(found: list[lag.Station]) -> list[tuple[int, int]]:
    return [(one.number, one.behind) for one in found]


def test_before_anything(peer: Peer) -> None:
    found = figures.read()
    assert lag.outgoing(found) == ["还没有送出过批次。"]
    assert lag.incoming(found) == ["还没有收到过批次。"]
    assert stations(lag.out_stations(found.sent)) == [(0, 0)] * 4


def test_what_waits_and_since_when(peer: Peer) -> None:
    note(1)
    note(2)
    Outbox.objects.filter(agg_version=1).update(occurred_at=timezone.now() - timedelta(minutes=95))
    assert lag.outgoing(figures.read()) == ["有 2 条还没有封装，最早的已等 1 小时 35 分钟。"]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "不到 1 分钟"),
        (1, "1 分钟"),
        (59, "59 分钟"),
        (60, "1 小时 0 分钟"),
        (47 * 60 + 59, "47 小时 59 分钟"),
        (48 * 60, "2 天"),
    ],
)
def test_time_as_people_say_it(peer: Peer, minutes: int, words: str) -> None:
    note(1)
    Outbox.objects.update(occurred_at=timezone.now() - timedelta(minutes=minutes, seconds=1))
    assert lag.outgoing(figures.read()) == [f"有 1 条还没有封装，最早的已等 {words}。"]


def test_sealed_offered_applied_and_durable(peer: Peer, tmp_path: Path) -> None:
    for n in range(3):
        note(n)
        batch_out.seal_all(tmp_path)
    stream = Stream.objects.get(direction="out")
    assert stations(lag.out_stations(figures.read().sent)) == [(3, 0), (3, 0), (0, 3), (0, 0)]
    first, second = Batch.objects.filter(seq__lte=2).order_by("seq")
    receipt = {"applied_seq": 2, "applied_rseq": 2, "chain": second.chain_after, "durable_seq": 1}
    open_one(peer.batch([], receipts=[peer.receipt(str(stream.epoch), **receipt)]))
    batch_out.again(3, 3)
    found = figures.read()
    assert stations(lag.out_stations(found.sent)) == [(3, 0), (2, 1), (2, 0), (1, 1)]
    Batch.objects.filter(seq=3).update(sealed_at=timezone.now() - timedelta(hours=3))
    assert lag.outgoing(figures.read()) == ["有 1 批（1 条）对端还没有确认应用，最早的一批封装已有 3 小时 0 分钟。"]
    assert found.sent.unconfirmed_records == 1
    assert first.records == 1


def test_level_is_said_in_one_sentence(peer: Peer, tmp_path: Path) -> None:
    note(1)
    [batch] = batch_out.seal_all(tmp_path)
    done = {"applied_seq": 1, "applied_rseq": 1, "chain": batch.chain_after}
    open_one(peer.batch([], receipts=[peer.receipt(str(batch.stream.epoch), **done)]))
    assert lag.outgoing(figures.read()) == ["送出的内容对端都已应用。"]


def test_silence_parked_and_dead(peer: Peer) -> None:
    open_one(peer.batch([line(1, payload={"bad": 1}), line(2)]))
    peer.batch()
    open_one(peer.batch())
    InboxBatch.objects.update(received_at=timezone.now() - timedelta(days=2))
    found = figures.read()
    assert stations(lag.in_stations(found.arrived)) == [(3, 0), (1, 2), (0, 1)]
    assert lag.incoming(found) == [
        "最近一次收到对端的批次：2 天前。",
        "有 1 批已收下，在等前面的批次或其他条件。",
        "有 1 条记录无法应用，1 条排在它们后面。",
    ]


def test_volumes_that_wait(peer: Peer) -> None:
    scan = b"s" * 3_000_000
    open_one(peer.batch())
    peer.batch([line(2, blobs=[name_of(scan)])], blobs={name_of(scan): scan}, largest=2_000_000)
    open_one(peer.paths[0])
    found = figures.read()
    assert (found.arrived.partial, found.arrived.received) == (1, 2)
    assert "有 1 卷已收下" in lag.incoming(found)[1]


def test_refused_files_by_reason(peer: Peer, tmp_path: Path) -> None:
    for n in range(2):
        (tmp_path / f"{n}.zip").write_bytes(b"PK\x03\x04 cut off")
        intake.open_path(tmp_path / f"{n}.zip")
    assert figures.read().refused == {"truncated": 2}
    assert Quarantine.objects.count() == 2


def test_disks_and_keys(peer: Peer) -> None:
    found = figures.read()
    assert found.key_days == {"sync_seal": 0, "sync_sign": 0}
    assert found.disks[0].free > 0
    assert figures.Disk("/x", free=1, total=100).is_low
    assert not figures.Disk("/x", free=50 * 1024**3, total=100 * 1024**3).is_low


def test_plain_data_for_programs(peer: Peer, tmp_path: Path) -> None:
    """Whoever reads it has no other words than those of JSON, and computes with the times."""
    note(1)
    batch_out.seal_all(tmp_path)
    found = figures.read()
    plain = json.loads(json.dumps(found.as_json()))
    assert datetime.fromisoformat(plain["at"]) == found.at
    assert datetime.fromisoformat(plain["sent"]["unconfirmed_since"]) == found.sent.unconfirmed_since
    assert (plain["sent"]["sealed"], plain["sent"]["waiting_since"], plain["arrived"]["heard_at"]) == (1, None, None)
    assert plain["disks"][0]["free"] == found.disks[0].free


def test_text_for_prometheus(peer: Peer) -> None:
    note(1)
    lines = metrics.text(figures.read()).decode().splitlines()
    assert "hall_sync_waiting_records 1.0" in lines
    assert 'hall_sync_batch{direction="out",station="sealed"} 0.0' in lines
    assert "hall_sync_silence_seconds -1.0" in lines
    assert any(one.startswith('hall_sync_disk_free_bytes{path="') for one in lines)


def test_programs_of_operators_only(peer: Peer, operator: User, clerk: User, client: Client) -> None:
    for name in ("figures", "metrics"):
        url = reverse(f"api-sync:{name}")
        client.logout()
        assert client.get(url).status_code == 401
        client.login(username=clerk.username, password=PASSWORD)
        assert client.get(url).status_code == 403
        client.login(username=operator.username, password=PASSWORD)
        assert client.get(url).status_code == 200
    assert client.get(reverse("api-sync:figures")).json()["sent"]["waiting"] == 0


def test_the_page_shows_the_picture(peer: Peer, operator: User, client: Client, tmp_path: Path) -> None:
    note(1)
    batch_out.seal_all(tmp_path)
    client.login(username=operator.username, password=PASSWORD)
    page = client.get(reverse("sync:operator")).content.decode()
    assert 'class="track"' in page
    assert "比前一站少 1 批" in page
    assert "磁盘剩余" in page
