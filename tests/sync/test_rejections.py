"""What the operator gives up is told to the side that sent it."""

from pathlib import Path
from typing import Any

import pytest

from sync import batch_out, dead_letters, outbox, peers, rejections
from sync.models import DeadLetter, Outbox, Rejection, Stream
from tests.sync.conftest import open_one
from tests.sync.peer import TOPIC, Peer, line

pytestmark = pytest.mark.usefixtures("topic")


def sent(peer: Peer, folder: Path) -> list[dict[str, Any]]:
    """The records of everything that waits, as the peer reads them."""
    own = peers.site_keys().card
    return [one for batch in batch_out.seal_all(folder) for one in peer.read(Path(batch.file_path), own)[1]]


def told(peer: Peer, **changes: Any) -> bytes:
    """The peer gives up record 1 of our stream."""
    ours = str(Stream.objects.get(direction="out").epoch)
    payload = {"stream": ours, "rseq": 1, "topic": TOPIC, "key": "k:1", "reason": "对象已注销"} | changes
    return line(peer.rseq + 1, f"sync.record:{ours}:1", payload, topic=rejections.TOPIC)


def test_dismissal_travels_back_with_its_reason(peer: Peer, tmp_path: Path) -> None:
    open_one(peer.batch(peer.records(("a", {"n": 1}), ("b", {"n": 2, "bad": 1}))))
    dead_letters.dismiss(DeadLetter.objects.get().pk, "许航", "  已在窗口另行办理 ")
    [record] = sent(peer, tmp_path)
    stream = str(peer.stream)
    assert (record["topic"], record["key"]) == (rejections.TOPIC, f"sync.record:{stream}:2")
    expected = {"stream": stream, "rseq": 2, "topic": TOPIC, "key": "b", "reason": "已在窗口另行办理"}
    assert record["payload"] == expected, "who decided stays here"


def test_a_retry_that_succeeds_tells_nobody(peer: Peer, tmp_path: Path) -> None:
    open_one(peer.batch(peer.records(("b", {"n": 2, "bad": 1}))))
    dead_letters.retry(DeadLetter.objects.get().pk, "许航")
    assert not Outbox.objects.exists()


def test_what_the_peer_gave_up_is_kept_and_listed(peer: Peer, tmp_path: Path) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    sent(peer, tmp_path)
    assert open_one(peer.batch([told(peer)])).dead == 0
    [row] = rejections.listed()
    assert (row.rseq, row.topic, row.key, row.reason) == (1, TOPIC, "k:1", "对象已注销")
    assert rejections.listed("k:1") == [row]
    assert rejections.listed("k:2") == []


def test_told_again_changes_the_reason_and_makes_no_second_row(peer: Peer, tmp_path: Path) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    sent(peer, tmp_path)
    open_one(peer.batch([told(peer)]))
    open_one(peer.batch([told(peer, reason="重复")]))
    assert [row.reason for row in Rejection.objects.all()] == ["重复"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key": "k:2"}, "不是本端发出的"),
        ({"topic": "ledger.other"}, "不是本端发出的"),
        ({"rseq": 2}, "对端退回的第 2 条记录不是本端发出的"),
        ({"rseq": 0}, "退回说明不符合格式"),
        ({"stream": "00000000-0000-0000-0000-000000000000"}, "不是本端发出的"),
        ({"extra": 1}, "退回说明不符合格式"),
    ],
)
def test_a_rejection_of_what_was_never_sent_is_a_dead_letter_that_says_so(
    changes: dict[str, Any], reason: str, peer: Peer, tmp_path: Path
) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    sent(peer, tmp_path)
    assert open_one(peer.batch([told(peer, **changes)])).dead == 1
    assert reason in DeadLetter.objects.get().reason
    assert not Rejection.objects.exists()


def test_a_rejection_of_what_is_not_sent_yet_is_a_dead_letter(peer: Peer, tmp_path: Path) -> None:
    """The peer cannot have it: whatever stands at that number when it is sealed, is not given up beforehand."""
    outbox.record(TOPIC, "k:1", {"n": 1})
    sent(peer, tmp_path)
    outbox.record(TOPIC, "k:2", {"n": 2})
    assert open_one(peer.batch([told(peer, rseq=2, key="k:2")])).dead == 1
    assert not Rejection.objects.exists()


def test_a_rejection_given_up_tells_nobody_again(peer: Peer, tmp_path: Path) -> None:
    outbox.record(TOPIC, "k:1", {"n": 1})
    sent(peer, tmp_path)
    open_one(peer.batch([told(peer, key="k:2")]))
    dead_letters.dismiss(DeadLetter.objects.get().pk, "许航", "对端已核对")
    assert sent(peer, tmp_path) == []
