"""Runs on one site: the hall's own facts, sent by its own code and applied by its own handlers; tells the seconds.

``submitted`` are whole applications, copies of one that the demo's traffic filed; ``rated`` are their ratings, a small row each.
"""

import gc
import json
import os
import resource
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, UUID, uuid5

import django

from bench import timing

if TYPE_CHECKING:
    from applications.models import Rating
    from sync.batch_file import BatchFile
    from sync.courier import Courier
    from sync.keys import SiteKeys

RUN = 2_500  # ratings recorded in one transaction
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def uid(number: int) -> UUID:
    """Of the case with this number, the same on both sides."""
    return uuid5(NAMESPACE_URL, f"bench:{number}")


def send_submitted(folder: Path, records: int) -> dict[str, float]:
    """Seconds to record and to seal applications."""
    from sync import outbox
    from sync.models import Outbox

    filed = Outbox.objects.filter(topic="application.submitted").order_by("id").first()
    assert filed, "the demo's traffic files at least one application"
    payload = json.loads(filed.payload)

    def record() -> None:
        for number in range(records):
            own = {"uid": str(uid(number)), "number": f"B{number:09d}", "query_code": f"{number % 10**6:06d}"}
            outbox.record("application.submitted", f"application:{own['uid']}", payload | own, blobs=filed.blobs)

    return _sent(record, folder)


def send_rated(folder: Path, records: int) -> dict[str, float]:
    """Seconds to record and to seal a rating of each of those applications, as a run of facts; one in fifty is bad."""
    from applications.sync_facts import told_rating
    from sync import outbox

    return _sent_ratings(lambda ratings: outbox.record_all(map(told_rating, ratings)), folder, records)


def send_rated_singly(folder: Path, records: int) -> dict[str, float]:
    """The same, recorded one by one."""
    from applications.sync_facts import record_rating

    def record(ratings: Iterable["Rating"]) -> None:
        for rating in ratings:
            record_rating(rating)

    return _sent_ratings(record, folder, records)


def _sent_ratings(record: Callable[[Iterable["Rating"]], None], folder: Path, records: int) -> dict[str, float]:
    """Without the time that it takes to make the rows: the peer's are there before it begins, too."""
    making = timing.seconds(lambda: deque(_ratings(records), maxlen=0))
    taken = _sent(lambda: record(_ratings(records)), folder)
    return taken | {"record": taken["record"] - making}


def _ratings(records: int) -> Iterator["Rating"]:
    from applications.models import Application, Rating

    for number in range(records):
        rating = Rating(
            uid=uid(-1 - number),
            application=Application(uid=uid(number)),
            grade=4 if number % 50 == 0 else 1 + number % 3,
            given_at=AT,
        )
        rating.text, rating.aspects = f"窗口人员讲解清楚，第 {number} 件很快办好。", {"speed": 1, "attitude": 2}
        rating.contact_name, rating.contact_phone = f"王{number}", "13800138000"
        yield rating


def _sent(record: Callable[[], None], folder: Path) -> dict[str, float]:
    from django.core.management import call_command
    from django.db import transaction

    def all_at_once() -> None:
        with transaction.atomic():
            record()

    def seal() -> None:
        call_command("seal_batch", "--to", str(folder), stdout=StringIO())

    return {"record": timing.seconds(all_at_once), "seal": timing.seconds(seal)}


def carry_rated(folder: Path, records: int) -> dict[str, float]:
    """When recording began; the ratings are recorded in runs, and this side's courier carries each away."""
    from django.db import transaction

    from applications.sync_facts import told_rating
    from sync import outbox, status

    ratings, courier = list(_ratings(records)), _courier(folder / "back", folder / "there")
    while status.outgoing().acknowledged < status.outgoing().seq:  # what was carried in another way before
        assert courier.round() == ""
    gc.freeze()  # the peer's rows are in its database: nobody walks over them again and again
    began = time.monotonic()
    for start in range(0, records, RUN):
        with transaction.atomic():
            outbox.record_all(map(told_rating, ratings[start : start + RUN]))
        assert courier.round() == ""
    return {"began": began}


def take_rated(folder: Path, records: int) -> dict[str, float]:
    """When the last of them was applied by this side's courier, which is at work before the first comes."""
    from sync import status
    from sync.models import DeadLetter

    courier, before = _courier(folder / "there", folder / "back"), status.incoming().rseq
    print("ready", flush=True)
    while status.incoming().rseq < before + records:
        assert courier.round() == ""
    ended = time.monotonic()
    assert not DeadLetter.objects.exists()
    return {"ended": ended}


def _courier(source: Path, target: Path) -> "Courier":
    from sync.courier import Courier, Schedule
    from sync.transports.folder import FolderPair

    pair = FolderPair(source, target)
    pair.make()
    return Courier([pair], Schedule(every=0), say=lambda sentence: None)


def security(folder: Path, records: int) -> dict[str, float]:
    """Seconds of what protects the records of these files, and nothing else: signatures, hashes, decryption, the chain."""
    from sync import batch_file, peers

    signers, own = peers.signers(), peers.site_keys()
    seen = 0

    def check_all() -> None:
        nonlocal seen
        for path in sorted(folder.glob("*.zip")):
            with path.open("rb") as handle:
                seen += _protected(batch_file.BatchFile(handle, signers, own), own)

    seconds = timing.seconds(check_all)
    assert seen == records
    return {"security": seconds}


def _protected(file: "BatchFile", own: "SiteKeys") -> int:
    from sync import chain

    file.check_recipient(own)
    file.check_data()
    contents, count = file.contents(own), 0
    for blob in contents.blobs():
        deque(blob.pieces, maxlen=0)
    head = bytes.fromhex(file.batch.chain_before)
    for block in contents.blocks():
        for line in block:
            head, count = chain.advance(head, line), count + 1
    assert head.hex() == file.batch.chain_after
    return count


def receive(folder: Path, records: int) -> dict[str, float]:
    """Seconds to verify and apply, as an office does it."""
    from django.core.management import call_command

    told = StringIO()
    seconds = timing.seconds(lambda: call_command("open_batch", str(folder), "--json", stdout=told))
    files = json.loads(told.getvalue())["files"]
    assert sum(one["records"] for one in files) == records, files
    assert not any(one["dead"] for one in files), files
    return {"open": seconds}


def receive_singly(folder: Path, records: int) -> dict[str, float]:
    """The same without the functions that apply a run together."""
    from sync import registry

    registry.forget_many()
    return receive(folder, records)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    acts = {
        one.__name__: one
        for one in (
            send_submitted,
            send_rated,
            send_rated_singly,
            carry_rated,
            take_rated,
            security,
            receive,
            receive_singly,
        )
    }
    told = acts[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps(told | {"rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
