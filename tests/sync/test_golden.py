"""What was sent once is understood for good: the golden batches of every writer version, imported by today's reader."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from applications.models import (
    Application,
    Bar,
    Booking,
    CounterPlan,
    Document,
    JointCase,
    Licence,
    Message,
    PeerSeal,
    Rating,
    Remedy,
    Request,
)
from identity.models import Department
from matters.models import CalendarDay, DataSet, GuideVersion, JointVersion, Matter, PublicRow, SearchedWord, Synonym
from sync import keys, peers, registry
from sync.epoch_records import ABOUT_EPOCHS, ALL_RETURNED, RETURNED
from sync.models import Batch, DeadLetter, Outbox, Rejection, Stream
from sync.reports import APPLIED
from tests.conftest import switch_side
from tests.factories import moment
from tests.sync.conftest import open_one
from tests.sync.golden_sets import FILES, PRESENT, STREAMS, sets
from tests.sync.peer import read

MAKING = bool(os.environ.get("MAKE_GOLDEN"))
SETS = [PRESENT] if MAKING else sets()
OTHER = {"outer": "inner", "inner": "outer"}
# What must be found afterwards: the columns that the facts speak of.
SEEN: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Department, ("code", "name", "short_name")),
    (CalendarDay, ("date", "is_workday", "note")),
    (Matter, ("code", "name", "visits")),
    (GuideVersion, ("matter__code", "number", "state", "digest")),
    (JointVersion, ("joint__code", "number", "state", "digest")),
    (DataSet, ("slug", "row_count")),
    (PublicRow, ("ref",)),
    (Synonym, ("word", "means")),
    (SearchedWord, ("day", "text", "searches", "missed")),
    (CounterPlan, ("department__code", "minutes", "capacity", "days_ahead")),
    (Application, ("number", "state", "version", "applicant_name", "channel")),
    (JointCase, ("number", "extended_on", "extension_reason")),
    (Request, ("action", "standing", "answer")),
    (Document, ("kind", "number", "content_sha256", "blob", "state")),
    (Licence, ("number", "holder", "standing", "version")),
    (Bar, ("ground", "begins", "ends")),
    (Message, ("from_office", "author", "text")),
    (Booking, ("name", "day", "starts", "standing", "attended")),
    (Rating, ("grade", "text")),
    (Remedy, ("standing", "answer")),
    (PeerSeal, ("number", "digest")),
    (Rejection, ("rseq", "topic", "reason")),
)
# What the reading site makes by itself has names of its own, and is no part of the batches.
ONLY: dict[Any, dict[str, Any]] = {
    Document: {"state": "ready"},
    DataSet: {"built_in": False},
    PublicRow: {"generation__dataset__built_in": False},
}


@pytest.fixture(params=SETS, ids=lambda folder: folder.name)
def golden(request: pytest.FixtureRequest, db: None, settings: Settings, tmp_path: Path, monkeypatch: Any) -> Path:
    """One set, and a site that can read it as either side: both lives are needed to understand the answers."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment("2026-03-12 10:00"))
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = settings.STORAGES | {"default": files}
    return Path(request.param)


def become(side: str, golden: Path, settings: Settings, tmp_path: Path) -> None:
    """Read as this side from now on."""
    switch_side(settings, side)
    settings.HALL_DATA_DIR = tmp_path / side
    settings.HALL_BATCH_DIR = tmp_path / side / "batches"
    Stream.objects.update(current=False)
    Stream.objects.filter(direction="in", epoch=STREAMS[OTHER[side]]).update(current=True)
    if not settings.HALL_DATA_DIR.exists():
        shutil.copytree(golden / side, settings.HALL_DATA_DIR)
        other = keys.load(golden / OTHER[side], OTHER[side]).card
        peers.enrol(other, other.fingerprint)


def sent_before(golden: Path, side: str, name: str) -> None:
    """What this side has sent, as far as the peer may speak of it: the first record."""
    record = contents(golden, side, name)[0]
    stream = Stream.objects.create(direction="out", epoch=STREAMS[side], current=False, chain="0" * 64, seq=1, rseq=1)
    hashes = {"content_root": "0" * 64, "chain_before": "0" * 64, "chain_after": "0" * 64}
    batch = Batch.objects.create(stream=stream, seq=1, rseq_first=1, rseq_last=1, **hashes)
    columns = {name: record[name] for name in ("topic", "key", "agg_version", "rseq")}
    Outbox.objects.create(payload="{}", occurred_at=moment("2026-03-02 10:00"), batch=batch, **columns)


def contents(golden: Path, side: str, name: str) -> list[dict[str, Any]]:
    signer, own = (keys.load(golden / one, one) for one in (side, OTHER[side]))
    return read(golden / name, signer.card, own)[1]


def found() -> dict[str, list[list[str]]]:
    return {
        model.__name__: sorted(
            [str(value) for value in row] for row in model.objects.filter(**ONLY.get(model, {})).values_list(*columns)
        )
        for model, columns in SEEN
    }


def test_is_imported_for_ever(golden: Path, settings: Settings, tmp_path: Path) -> None:
    heads: list[list[Any]] = []
    for sender, name in FILES[:2]:
        sent_before(golden, sender, name)
    Outbox.objects.filter(agg_version__gt=0).update(agg_version=10**6)  # the site writes facts of these keys itself
    for sender, name in FILES:
        become(OTHER[sender], golden, settings, tmp_path)
        path = tmp_path / name
        shutil.copy(golden / name, path)
        outcome = open_one(path)
        letters = list(DeadLetter.objects.values_list("record__topic", "reason"))
        assert (outcome.state, letters) == (APPLIED, []), outcome.sentence
        stream = Stream.objects.get(direction="in", current=True)
        heads.append([name, str(stream.epoch), stream.seq, stream.rseq, stream.chain])
    result = {"heads": heads, "rows": found()}
    expected = golden / "expected.json"
    if MAKING:
        expected.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    assert result == json.loads(expected.read_text())


def test_the_present_set_has_every_topic() -> None:
    topics = {one["topic"] for sender, name in FILES for one in contents(PRESENT, sender, name)}
    # Those about epochs are only sent after a restored backup: tests/sync/test_restored_sides.py.
    assert topics == {name for name in registry.supports() if name not in (*ABOUT_EPOCHS, RETURNED, ALL_RETURNED)}
