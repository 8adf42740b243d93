"""A batch is applied once, in its place, or kept aside with a reason."""

import itertools
import zipfile
from pathlib import Path

import pytest

from sync import blobs, container, failpoints, importer, intake, registry, status
from sync.batch_file import BatchFile, WholeBatch
from sync.keys import SiteKeys
from sync.models import InboxBatch, InboxRecord, Quarantine, Receipt, Stream
from sync.reports import APPLIED, DUPLICATE, PARKED, REFUSED
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line, name_of

pytestmark = pytest.mark.usefixtures("topic")


def heads(peer: Peer) -> bool:
    """Whether this side has exactly the history of the peer."""
    there = status.incoming()
    return (there.stream, there.seq, there.rseq, there.chain) == (
        str(peer.stream), peer.seq, peer.rseq, peer.chain.hex()
    )  # fmt: skip


def kept(data_dir: Path, name: str) -> int:
    folder = data_dir / "batches" / name
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def test_applied_with_cursor_log_and_receipt(peer: Peer, data_dir: Path) -> None:
    outcome = open_one(peer.batch(peer.records(("a", {"n": 1}), ("b", {"n": 2}))))
    assert (outcome.state, outcome.seq, outcome.records, outcome.exit_code) == (APPLIED, 1, 2, 0)
    assert rows() == ["a#1", "b#2"]
    assert heads(peer)
    assert list(InboxRecord.objects.values_list("rseq", "state", "line")) == [
        (1, "applied", None),
        (2, "applied", None),
    ]
    assert Receipt.objects.get().body["applied_rseq"] == 2
    assert (kept(data_dir, "archive"), kept(data_dir, "inbox")) == (1, 0)


def test_original_stays_where_it_was(peer: Peer) -> None:
    path = peer.batch()
    open_one(path)
    assert path.is_file()


def test_again_changes_nothing_but_asks_for_a_receipt(peer: Peer) -> None:
    path = peer.batch()
    open_one(path)
    Stream.objects.update(receipt_due=False)
    assert open_one(path).state == DUPLICATE
    assert rows() == ["k:1#1"]
    assert InboxBatch.objects.get().copies == 2
    assert Stream.objects.get().receipt_due


def test_same_content_in_another_file(peer: Peer) -> None:
    lines = peer.records(("a", {"n": 1}))
    first = peer.batch(lines, name="first.zip", keep_heads=True)
    second = peer.batch(lines, name="second.zip")
    assert first.read_bytes() != second.read_bytes()
    assert [open_one(first).state, open_one(second).state] == [APPLIED, DUPLICATE]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[1::3])
def test_any_order_gives_the_same_history(order: tuple[int, ...], peer: Peer) -> None:
    paths = [peer.batch() for _ in range(4)]
    for at in order:
        intake.open_path(paths[at])
    assert rows() == [f"k:1#{n}" for n in (1, 2, 3, 4)]
    assert heads(peer)


def test_gap_is_named_and_heals(peer: Peer, data_dir: Path) -> None:
    paths = [peer.batch() for _ in range(5)]
    assert open_one(paths[0]).state == APPLIED
    late = open_one(paths[2])
    assert (late.state, late.code, late.exit_code) == (PARKED, "gap", 2)
    assert open_one(paths[4]).state == PARKED
    assert status.incoming().parked == 2
    newest = Receipt.objects.order_by("-number")[0]
    assert newest.body["missing"] == [[2, 2], [4, 4]]
    assert [outcome.seq for outcome in intake.open_path(paths[1])] == [2, 3]
    assert [outcome.seq for outcome in intake.open_path(paths[3])] == [4, 5]
    assert heads(peer)
    assert (kept(data_dir, "parked"), kept(data_dir, "archive")) == (0, 5)


def test_folder_is_opened_in_the_order_of_content(peer: Peer, tmp_path: Path) -> None:
    for name in ("z.zip", "a.zip", "m.zip"):
        peer.batch(name=name)
    (peer.home / "out" / "notes.txt").write_text("not a batch")
    (peer.home / "out" / ".half.zip.part").write_text("PK")
    outcomes = intake.open_path(peer.home / "out")
    assert [(outcome.file, outcome.state) for outcome in outcomes] == [
        ("z.zip", APPLIED),
        ("a.zip", APPLIED),
        ("m.zip", APPLIED),
    ]


def test_empty_folder(peer: Peer, tmp_path: Path) -> None:
    assert intake.open_path(tmp_path) == []


def test_half_copied_then_whole(peer: Peer, data_dir: Path) -> None:
    path = peer.batch()
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    refused = open_one(path)
    assert (refused.state, refused.code, refused.exit_code) == (REFUSED, "truncated", 3)
    assert not path.exists()
    assert (kept(data_dir, "quarantine"), kept(data_dir, "inbox")) == (1, 0)
    row = Quarantine.objects.get()
    assert (row.code, row.size) == ("truncated", len(data) // 2)
    assert Path(row.kept_as).read_bytes() == data[: len(data) // 2]
    path.write_bytes(data)
    assert open_one(path).state == APPLIED


def test_second_content_under_one_number_freezes(peer: Peer) -> None:
    good = peer.batch(peer.records(("a", {"n": 1})), name="good.zip", keep_heads=True)
    evil = peer.batch(peer.records(("a", {"n": 2})), name="evil.zip")
    assert open_one(good).state == APPLIED
    refused = open_one(evil)
    assert (refused.state, refused.code) == (REFUSED, "equivocation")
    assert "冻结" in Stream.objects.get().frozen
    assert rows() == ["a#1"]
    waiting = open_one(peer.batch())
    assert (waiting.state, waiting.code) == (PARKED, "frozen")


def test_second_content_that_another_importer_applies_at_the_same_moment(
    peer: Peer, site: SiteKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two machines, two disks, two contents of one number: the slower one must not pass its own for applied."""
    good = peer.batch(peer.records(("a", {"n": 1})), name="good.zip", keep_heads=True)
    evil = peer.batch(peer.records(("a", {"n": 2})), name="evil.zip")

    def other_machine(name: str) -> None:
        if name == "blobs-done":
            failpoints.arm(None)
            with evil.open("rb") as handle:
                whole = WholeBatch([BatchFile(handle, [peer.keys.card], site)])
                importer.receive(whole, site, importer.Shelf("", ""))

    monkeypatch.setattr(failpoints, "_armed", other_machine)
    refused = open_one(good)
    assert (refused.state, refused.code) == (REFUSED, "equivocation")
    assert "冻结" in Stream.objects.get().frozen
    assert rows() == ["a#2"]


def test_second_content_is_noticed_while_the_first_still_waits(peer: Peer) -> None:
    peer.batch(keep_heads=True)
    peer.seq = 1
    peer.rseq = 1
    peer.prev = "0" * 64
    first = peer.batch(name="first.zip", keep_heads=True)
    second = peer.batch(peer.records(("b", {"n": 9})), name="second.zip")
    assert [open_one(first).state, open_one(second).code] == [PARKED, "equivocation"]


@pytest.mark.parametrize("change", [{"prev": "0" * 64}, {"chain_before": "0" * 64}, {"rseq_first": 3, "rseq_last": 3}])
def test_next_number_but_another_history(change: dict[str, object], peer: Peer) -> None:
    open_one(peer.batch())
    refused = open_one(peer.batch(**change))
    assert (refused.state, refused.code) == (REFUSED, "fork")
    assert Stream.objects.get().frozen
    assert rows() == ["k:1#1"]


def test_another_stream(peer: Peer) -> None:
    open_one(peer.batch())
    other = Peer(peer.home, "outer", peer.recipient)
    assert open_one(other.batch()).code == "unknown_stream"


def test_unknown_topic_waits_for_the_upgrade(peer: Peer, topic: str) -> None:
    path = peer.batch([line(1, topic="ledger.later")])
    waiting = open_one(path)
    assert (waiting.state, waiting.code) == (PARKED, "upgrade")
    next_one = open_one(peer.batch())
    assert (next_one.state, next_one.code) == (PARKED, "gap")
    registry.handles("ledger" + ".later")(lambda fact: None)
    try:
        assert [outcome.seq for outcome in intake.open_files([])] == [1, 2]
    finally:
        registry.forget("ledger.later")
    assert heads(peer)


def test_unknown_version_waits_for_the_upgrade(peer: Peer) -> None:
    assert open_one(peer.batch([line(1, v=2)])).code == "upgrade"


def test_attachments_are_stored_before_the_record(peer: Peer) -> None:
    data = b"scan" * 500_000
    outcome = open_one(peer.batch([line(1, blobs=[name_of(data)])], blobs={name_of(data): data}))
    assert outcome.state == APPLIED
    with blobs.open(name_of(data)) as handle:
        assert handle.read() == data


def test_record_waits_for_its_attachment(peer: Peer) -> None:
    name = name_of(b"later")
    waiting = open_one(peer.batch([line(1, blobs=[name])]))
    assert (waiting.state, waiting.code) == (PARKED, "blob")
    assert rows() == []
    blobs.put_pieces(name, 5, [b"later"])
    assert [outcome.state for outcome in intake.open_files([])] == [APPLIED]
    assert heads(peer)


def test_attachment_that_is_another(peer: Peer) -> None:
    refused = open_one(peer.batch([line(1, blobs=["0" * 64])], blobs={"0" * 64: b"x"}))
    assert refused.code == "blob_damaged"
    assert not blobs.exists("0" * 64)


@pytest.mark.parametrize(
    "content",
    [
        [line(1, payload={"n": 5})],
        [line(1), line(2)],
        [line(2)],
        [line(1, topic="ledger.other")],
    ],
)
def test_content_that_was_not_signed(content: list[bytes], peer: Peer) -> None:
    refused = open_one(peer.batch([line(1)], content_lines=content))
    assert (refused.state, refused.code) == (REFUSED, "content_mismatch")
    assert (rows(), status.incoming().seq) == ([], 0)


def test_record_with_another_number(peer: Peer) -> None:
    assert open_one(peer.batch([line(2)])).code == "content_mismatch"


def test_more_records_announced_than_there_are(peer: Peer, topic: str) -> None:
    kinds = [{"topic": topic, "version": 1, "count": 2}]
    assert open_one(peer.batch([line(1)], rseq_last=2, kinds=kinds)).code == "content_mismatch"


def test_record_of_a_kind_that_was_not_announced(peer: Peer) -> None:
    registry.handles("ledger" + ".second")(lambda fact: None)
    try:
        kinds = [{"topic": "ledger.second", "version": 1, "count": 1}]
        assert open_one(peer.batch([line(1)], kinds=kinds)).code == "content_mismatch"
    finally:
        registry.forget("ledger.second")
    assert rows() == []


def test_data_of_another_file_of_the_same_batch(peer: Peer) -> None:
    """It would decrypt, and to the same records: still it is not what was signed."""
    first, second = peer.batch(name="first.zip", keep_heads=True), peer.batch(name="second.zip")
    target = first.with_name("mixed.zip")
    with zipfile.ZipFile(first) as a, zipfile.ZipFile(second) as b, target.open("w+b") as handle:
        writer = container.Writer(handle)
        for name in container.MEMBERS:
            writer.add(name, [(b if name == "data.bin" else a).read(name)])
        writer.close()
    assert open_one(target).code == "data_hash"


@pytest.mark.parametrize(
    "bad",
    [
        b"no json",
        line(1) + b" ",
        line(1, extra=1),
        line(1, blobs=["../x"]),
        line(1, payload=None).replace(b'{"n":1}', b'{"n":1.5}'),
        line(1, occurred_at="2026-03-02"),
        line(1, agg_version=0),
        line(1, key=""),
    ],
)
def test_record_out_of_shape(bad: bytes, peer: Peer) -> None:
    refused = open_one(peer.batch([line(1)], content_lines=[bad]))
    assert (refused.state, refused.code) == (REFUSED, "bad_record")
    assert rows() == []


def test_many_records_in_order(peer: Peer) -> None:
    lines = peer.records(*((f"k:{n % 7}", {"n": n, "text": "长" * 400}) for n in range(2500)))
    assert open_one(peer.batch(lines)).records == 2500
    assert rows() == [f"k:{n % 7}#{n}" for n in range(2500)]
    assert heads(peer)


def test_copy_left_by_a_killed_run_is_cleared(peer: Peer, data_dir: Path) -> None:
    leftover = data_dir / "batches" / "inbox" / "left.zip"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"PK")
    open_one(peer.batch())
    assert not leftover.exists()


def test_parked_file_lost_from_disk_counts_as_missing(peer: Peer, data_dir: Path) -> None:
    first, second = peer.batch(), peer.batch()
    open_one(second)
    for path in (data_dir / "batches" / "parked").iterdir():
        path.unlink()
    assert [outcome.seq for outcome in intake.open_path(first)] == [1]
    assert open_one(second).state == APPLIED


def test_parked_file_damaged_on_disk(peer: Peer, data_dir: Path) -> None:
    first, second = peer.batch(), peer.batch()
    open_one(second)
    for path in (data_dir / "batches" / "parked").iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert [outcome.state for outcome in intake.open_path(first)] == [APPLIED, REFUSED]
    assert open_one(second).state == APPLIED


def test_a_zip_that_is_none_is_named_among_the_files_of_a_folder(peer: Peer) -> None:
    """Whoever copied the wrong file hears of it; other files lie there unnoticed."""
    path = peer.batch()
    path.with_name("wrong.zip").write_bytes(b"no batch")
    path.with_name("notes.doc").write_bytes(b"no batch")
    said = {outcome.file: outcome.code for outcome in intake.open_path(path.parent)}
    assert said == {path.name: "", "wrong.zip": "not_a_batch"}
