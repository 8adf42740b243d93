"""A new epoch of the peer: nothing of it is applied before a person approved; what was lost goes back, or says why not."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from sync import (
    archive,
    batch_out,
    canonical,
    chain,
    epochs,
    intake,
    marks,
    new_epochs,
    outbox,
    peers,
    registry,
    rejections,
    volumes_in,
)
from sync.epoch_records import LISTED, RETURNED, STARTED
from sync.epochs import EpochRefused
from sync.models import Aggregate, Batch, DeadLetter, InboxRecord, Outbox, Receipt, Stream
from sync.new_epochs import NothingToApprove
from sync.reports import APPLIED, PARKED, REFUSED
from tests.sync import several
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer, line, name_of
from tests.sync.restoring import forgotten
from tests.sync.test_commands import complaint, run

pytestmark = pytest.mark.usefixtures("topic")


def begin(peer: Peer, facts: list[bytes], *, number: int = 2, base: dict[str, Any] | None = None, **more: Any) -> Path:
    """The first batch of a new epoch of the peer that lists these lines."""
    old = {"stream": str(peer.stream), "seq": peer.seq, "rseq": peer.rseq, "chain": peer.chain.hex()}
    peer.start(uuid4())
    started = {"number": number, "previous": old, "base": base, "reason": "磁盘损坏", "by": "许航"}
    started |= {"receipt_seen": 0, "facts": len(facts)}
    listed = [{"key": f.key, "agg_version": f.agg_version, "digest": chain.digest(at)} for at, f in parsed(facts)]
    return peer.batch(
        [
            line(1, "sync.epoch:x", started, topic=STARTED),
            line(2, "sync.epoch:x", {"facts": listed}, topic=LISTED),
        ],
        **more,
    )


def parsed(lines: list[bytes]) -> list[tuple[bytes, chain.Record]]:
    return [(one, chain.from_line(one)) for one in lines]


def current() -> Stream:
    return Stream.objects.get(direction="in", current=True)


def test_digest_is_the_same_under_another_number() -> None:
    tricky = {"n": 1, "text": ',"rseq":7,"topic":"x"'}
    assert chain.digest(line(1, payload=tricky, agg_version=3)) == chain.digest(line(12, payload=tricky, agg_version=3))
    assert chain.digest(line(1, payload={"n": 1})) != chain.digest(line(1, payload={"n": 2}))
    assert chain.digest(line(1, topic="a", agg_version=1)) != chain.digest(line(1, topic="b", agg_version=1))


def test_waits_for_a_person(peer: Peer) -> None:
    open_one(peer.batch())
    facts = [line(1), line(2)]
    first = begin(peer, facts)
    outcome = open_one(first)
    assert (outcome.state, outcome.code, outcome.exit_code) == (PARKED, "epoch", 2)
    assert open_one(first).state == PARKED  # once more changes nothing
    assert "等待本端核对" in current().frozen
    [third] = peer.records(("k:1", {"n": 2}))
    second = open_one(peer.batch([line(3, payload={"n": 1}, agg_version=1), line(4, payload={"n": 2}, agg_version=2)]))
    assert (second.state, second.code) == (PARKED, "epoch")
    assert rows() == ["k:1#1"]
    text = run("approve_epoch")[1]
    assert "磁盘损坏" in text
    assert "尚未批准" in text
    assert rows() == ["k:1#1"]
    run("approve_epoch", "--approve", "--by", "高岚")
    assert rows() == ["k:1#1", "k:1#2"]
    assert (current().number, current().seq, current().rseq) == (2, 2, 4)
    states = dict(InboxRecord.objects.filter(stream=current()).values_list("rseq", "state"))
    assert (states[3], states[4]) == ("known", "applied")
    assert third


def test_nothing_to_approve(peer: Peer) -> None:
    assert "没有等待批准" in complaint("approve_epoch", "--approve")
    with pytest.raises(NothingToApprove):
        new_epochs.approve("高岚")


def test_second_clone_with_the_same_number_is_refused(peer: Peer) -> None:
    open_one(peer.batch())
    open_one(begin(peer, [line(1)]))
    new_epochs.approve("高岚")
    intake.open_files([])
    outcome = open_one(begin(peer, [line(1)], name="clone.zip"))
    assert (outcome.state, outcome.code) == (REFUSED, "old_epoch")


def test_late_batch_of_the_old_epoch(peer: Peer) -> None:
    first = peer.batch()
    late = peer.batch()
    open_one(first)
    open_one(begin(peer, [line(1)]))
    new_epochs.approve("高岚")
    intake.open_files([])
    assert open_one(first).state == "duplicate"
    assert open_one(late).code == "old_epoch"


def test_volumes_of_the_old_epoch_come_once_more(peer: Peer, data_dir: Path) -> None:
    """Each is known by itself, wherever its archive has gone: none waits for the others, which nobody sends again."""
    volumes = several.of_the_peer(peer)
    assert [open_one(path).state for path in volumes] == ["partial"] * 3 + [APPLIED]
    open_one(begin(peer, []))
    new_epochs.approve("高岚")
    intake.open_files([])
    for kept in (data_dir / "batches" / "archive").glob("*-000?-*"):
        kept.unlink()
    assert [open_one(path).state for path in volumes] == ["duplicate"] * 4
    assert volumes_in.unfinished_everywhere() == {}


def test_base_that_is_not_here(peer: Peer) -> None:
    """Our own backup is older than the one we told of: say so, apply nothing."""
    open_one(peer.batch())
    base = {"stream": str(peer.stream), "seq": 3, "rseq": 3, "root": "0" * 64}
    assert open_one(begin(peer, [], base=base)).code == "base_missing"
    assert current().frozen == ""


def test_list_that_is_no_list(peer: Peer) -> None:
    open_one(peer.batch())
    peer.start(uuid4())
    assert open_one(peer.batch([line(1, topic=STARTED, payload={"number": 2})])).code == "bad_record"
    assert Stream.objects.filter(direction="in").count() == 1


@pytest.mark.parametrize("topics", [(STARTED, TOPIC), (TOPIC, STARTED)], ids=["list", "beginning"])
def test_what_begins_an_epoch_under_another_topic(peer: Peer, topics: tuple[str, str]) -> None:
    """It would be compared as a list today, and applied as a fact once a person has approved."""
    open_one(peer.batch())
    peer.start(uuid4())
    started = {"number": 2, "previous": None, "base": None, "reason": "x", "by": "x", "receipt_seen": 0, "facts": 0}
    payloads: list[dict[str, Any]] = [started, {"facts": []}]
    lines = [line(n, "k:1", payloads[n - 1], topic=topic) for n, topic in enumerate(topics, start=1)]
    outcome = open_one(peer.batch(lines))
    assert (outcome.state, outcome.code) == (REFUSED, "bad_record")
    assert "ledger.noted，应为 sync.epoch_" in outcome.sentence
    assert (Stream.objects.filter(direction="in").count(), current().frozen) == (1, "")


def test_replaced_key_cannot_begin_an_epoch(peer: Peer, tmp_path: Path) -> None:
    """Batch numbers begin anew, so the range of numbers of an old key must not let it in again."""
    open_one(peer.batch())
    renewed = Peer(tmp_path / "renewed", "outer", peer.recipient)
    peers.enrol(renewed.keys.card, renewed.keys.card.fingerprint, replace=True)
    path = begin(peer, [line(1)], name="by-old.zip", keep_heads=True)
    assert open_one(path).code == "key_not_valid"
    path = begin(peer, [line(1)], sign_with=renewed.keys)
    assert open_one(path).code == "epoch"
    new_epochs.approve("高岚")
    assert [outcome.state for outcome in intake.open_files([])] == [APPLIED]
    assert open_one(peer.batch([], keep_heads=True, name="old-key.zip")).code == "key_not_valid"
    assert open_one(peer.batch([], sign_with=renewed.keys)).state == APPLIED


def test_what_the_peer_lost_is_given_back(peer: Peer) -> None:
    lines = peer.records(("k:1", {"n": 1}), ("k:2", {"n": 2}))
    open_one(peer.batch(lines))
    open_one(begin(peer, lines[:1]))
    new_epochs.approve("高岚")
    [row] = Outbox.objects.filter(topic=RETURNED)
    assert canonical.encode(canonical.decode(row.payload.encode())["record"]) == lines[1]


def returned(peer: Peer, lost: bytes) -> Path:
    payload = {"record": canonical.decode(lost)}
    return peer.batch([line(peer.rseq + 1, "returned:k:9", payload, topic=RETURNED)])


def test_returned_without_anybody_to_restore_it(peer: Peer) -> None:
    assert open_one(returned(peer, line(7, "k:9"))).dead == 1
    assert "人工补录" in DeadLetter.objects.get().reason
    assert not Outbox.objects.exists()


def test_returned_is_restored_once_and_sent_again(peer: Peer, tmp_path: Path) -> None:
    done: list[str] = []
    registry.restores("ledger" + ".noted")(lambda fact: done.append(fact.key))
    lost = line(7, "k:9", agg_version=4)
    open_one(returned(peer, lost))
    open_one(returned(peer, lost))
    assert done == ["k:9"]
    assert Aggregate.objects.get(key="k:9").version == 4
    outbox.record(TOPIC, "k:9", {"n": 5})
    [batch] = batch_out.seal_all(tmp_path / "disk")
    _, records, _ = peer.read(Path(batch.file_path), peers.site_keys().card)
    assert [record["agg_version"] for record in records] == [4, 5]
    assert chain.digest(canonical.encode(records[0])) == chain.digest(lost)


def test_returned_rejection_gives_the_record_up_again(peer: Peer) -> None:
    """It is settled in the batch that brings it: receipts keep numbers of their own."""
    open_one(peer.batch(peer.records(("b", {"n": 2, "bad": 1}))))
    said = {"stream": str(peer.stream), "rseq": 1, "key": "b", "topic": TOPIC, "reason": "材料已另行处理"}
    given_up = line(1, "sync.record:x", rejected(said), topic=rejections.TOPIC)
    assert open_one(returned(peer, given_up)).state == "applied"
    assert not DeadLetter.objects.filter(open=True).exists()
    numbers = list(Receipt.objects.filter(stream=current()).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert open_one(peer.batch(peer.records(("c", {"n": 3})))).state == "applied"


def rejected(said: dict[str, Any]) -> dict[str, Any]:
    """The payload that tells of a record given up."""
    return rejections.RecordRejected.model_validate(said).model_dump()


def test_returned_with_an_attachment_that_nobody_has_any_more(peer: Peer, tmp_path: Path) -> None:
    registry.restores(TOPIC)(lambda fact: None)
    lost = line(7, "k:9", blobs=[name_of(b"gone")])
    open_one(returned(peer, lost))
    [batch] = batch_out.seal_all(tmp_path / "disk")
    _, records, found = peer.read(Path(batch.file_path), peers.site_keys().card)
    assert chain.digest(canonical.encode(records[0])) == chain.digest(lost)
    assert found == {}


def test_what_is_too_large_to_give_back_is_said(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = peer.records(("k:1", {"n": 1}), ("k:2", {"n": 2}))
    open_one(peer.batch(lines))
    open_one(begin(peer, lines[:1]))
    monkeypatch.setattr(new_epochs, "MOST_WRAPPED", 50)
    with pytest.raises(new_epochs.CannotGiveBack, match="--give-up-lost"):
        new_epochs.approve("高岚")
    assert new_epochs.waiting()
    new_epochs.approve("高岚", give_up_lost=True)


def test_nothing_is_approved_while_the_file_of_what_was_lost_is_gone(peer: Peer, data_dir: Path) -> None:
    open_one(peer.batch())
    open_one(begin(peer, []))
    [kept] = (data_dir / "batches" / "archive").glob("*0000000001*.zip")
    data = kept.read_bytes()
    for spoilt, said in ((None, r"第 1 批的文件不在了.*--give-up-lost"), (data[:-20], r"归档文件 .* 读不出来")):
        kept.unlink()
        if spoilt is not None:
            kept.write_bytes(spoilt)
        with pytest.raises(archive.LineLost, match=said):
            new_epochs.approve("高岚")
        assert new_epochs.waiting()
        kept.write_bytes(data)
    new_epochs.approve("高岚")
    assert Outbox.objects.filter(topic=RETURNED).count() == 1


def test_a_record_of_full_size_can_be_given_back(peer: Peer) -> None:
    largest = peer.records(("k:1", {"n": 1, "x": "字" * ((outbox.LARGEST_PAYLOAD - 100) // 3)}))
    open_one(peer.batch(largest))
    open_one(begin(peer, []))
    new_epochs.approve("高岚")
    assert Outbox.objects.filter(topic=RETURNED).count() == 1


def test_what_failed_for_want_of_it_is_tried_again(peer: Peer) -> None:
    here: list[str] = []
    needing = "ledger.needing"

    @registry.handles(needing)
    def needs_it(fact: registry.Fact) -> None:
        if fact.key not in here:
            raise registry.Reject("本地没有")
        here.append("applied")

    try:
        registry.restores(TOPIC)(lambda fact: here.append(fact.key))
        assert open_one(peer.batch([line(1, "k:9", topic=needing)])).dead == 1
        open_one(returned(peer, line(7, "k:9", agg_version=4)))
        assert here == ["k:9", "applied"]
        assert not DeadLetter.objects.filter(open=True).exists()
    finally:
        registry.forget(needing)
        registry.forget(TOPIC)


def test_a_site_that_has_sent_nothing_begins(peer: Peer, tmp_path: Path) -> None:
    """Its backup is older than its first batch: what was noted since the restoration is listed, and goes out."""
    outbox.record(TOPIC, "k:1", {"n": 1})
    begun = epochs.begin("恢复了第一天的备份", "许航")
    assert (begun.stream.number, begun.facts) == (2, 1)
    first, second = batch_out.seal_all(tmp_path / "disk")
    _, records, _ = peer.read(Path(first.file_path), peers.site_keys().card)
    assert (records[0]["payload"]["previous"], records[0]["payload"]["base"]) == (None, None)
    assert [len(record["payload"]["facts"]) for record in records[1:]] == [1]
    assert second.records == 1


def test_a_site_that_has_sent_nothing_waits_for_nothing(peer: Peer) -> None:
    assert "没有在等待" in complaint("new_epoch", "--stop-waiting")


def test_begin_needs_a_reason(peer: Peer) -> None:
    with pytest.raises(EpochRefused, match="原因"):
        epochs.begin(" ", "许航")


def test_number_is_above_the_marks_and_the_list_is_long(
    peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(epochs, "LONGEST_LIST", 2)
    for n in range(5):
        outbox.record(TOPIC, "k:1", {"n": n})
    batch_out.seal_all(tmp_path / "disk")
    with forgotten():
        assert epochs.begin("试", "许航").stream.number == 2
        batch_out.seal_all(tmp_path / "disk")
    begun = epochs.begin("再试", "许航")
    assert (begun.stream.number, begun.facts) == (3, 5)
    first, second = batch_out.seal_all(tmp_path / "new")
    manifest, records, _ = peer.read(Path(first.file_path), peers.site_keys().card)
    assert [len(record["payload"]["facts"]) for record in records[1:]] == [2, 2, 1]
    assert records[0]["payload"]["previous"]["seq"] == 1
    assert (manifest.seq, second.records, Batch.objects.filter(stream=begun.stream).count()) == (1, 5, 2)
    marks.check()


def test_the_steps_begin_with_what_was_found(peer: Peer, tmp_path: Path) -> None:
    """Who only asks what to do must be told that this database was restored, and by what it is seen."""
    outbox.record(TOPIC, "k:1", {"n": 1})
    with forgotten():
        batch_out.seal_all(tmp_path / "disk")
    text = run("new_epoch")[1]
    assert "标记文件" in text
    assert "没有发现" not in text


def test_the_steps_begin_with_what_the_peer_has_seen(peer: Peer, tmp_path: Path) -> None:
    """The marks were restored too: only the receipt of the peer tells."""
    outbox.record(TOPIC, "k:1", {"n": 1})
    [batch] = batch_out.seal_all(tmp_path / "disk")
    open_one(peer.batch([], receipts=[peer.receipt(str(batch.stream.epoch), applied_seq=7)]))
    text = run("new_epoch")[1]
    assert "对端已收到第 7 批" in text
    assert "没有发现" not in text


def test_steps_are_told_first(peer: Peer) -> None:
    text = run("new_epoch")[1]
    assert "没有发现" in text
    assert "--begin" in text
    assert not Stream.objects.filter(direction="out").exists()


def test_a_fact_is_brought_back_by_one_function_only() -> None:
    """The second one would be passed over in silence, and half of what was lost would stay lost."""
    registry.restores(TOPIC)(lambda fact: None)
    with pytest.raises(ValueError, match=f"{TOPIC} is already restored by tests.sync.test_epochs.*v1"):
        registry.restores(TOPIC, 2)(lambda fact: None)
