"""A kind that must not be skipped stops the stream: its batch waits with the reason, nothing behind it is applied."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group

from sync import halts, intake, registry, status
from sync.models import DeadLetter, Halt, InboxBatch, Receipt
from sync.registry import Fact, Reject
from sync.reports import APPLIED, PARKED
from tests.sync.conftest import open_one, rows
from tests.sync.peer import Peer, line

pytestmark = pytest.mark.usefixtures("topic", "strict")
STRICT = "ledger.closed"


@pytest.fixture
def strict() -> Iterator[None]:
    """Facts of this topic must find the group ``open``."""

    @registry.handles(STRICT, halts=True)
    def close(fact: Fact) -> None:
        if not Group.objects.filter(name="open").exists():
            raise Reject("账本没有打开")
        Group.objects.create(name=f"{fact.key}#closed")

    yield
    registry.forget(STRICT)


def stopped(peer: Peer) -> Path:
    """The second of three records halts."""
    return peer.batch([line(1), line(2, "k:2", topic=STRICT), line(3, "k:3")])


def test_nothing_of_the_batch_nor_behind_it_is_applied(peer: Peer) -> None:
    outcome = open_one(stopped(peer))
    assert (outcome.state, outcome.code, outcome.exit_code) == (PARKED, "halted", 2)
    assert "不得跳过" in outcome.sentence
    assert open_one(peer.batch()).code == "gap"
    assert (rows(), status.incoming().rseq, DeadLetter.objects.count()) == ([], 0, 0)
    halt = Halt.objects.get()
    assert (halt.rseq, halt.topic, halt.key, halt.reason, halt.open) == (2, STRICT, "k:2", "账本没有打开", True)
    assert InboxBatch.objects.get(seq=1).waits_for == "halted"
    assert Receipt.objects.order_by("-number")[0].body["applied_rseq"] == 0


def test_goes_on_by_itself_when_the_reason_is_gone(peer: Peer) -> None:
    open_one(stopped(peer))
    open_one(peer.batch())
    assert intake.open_files([]) == []
    assert Halt.objects.get().attempts > 1
    Group.objects.create(name="open")
    assert [outcome.seq for outcome in intake.open_files([])] == [1, 2]
    assert rows() == ["open", "k:1#1", "k:2#closed", "k:3#3", "k:1#4"]
    assert Halt.objects.get().open is False


def test_an_operator_lets_it_pass_as_a_dead_letter(peer: Peer) -> None:
    open_one(stopped(peer))
    with pytest.raises(ValueError, match="原因"):
        halts.let_pass(Halt.objects.get().pk, "许航", " ")
    halts.let_pass(Halt.objects.get().pk, "许航", "已电话核对")
    [outcome] = intake.open_files([])
    assert (outcome.state, outcome.dead) == (APPLIED, 1)
    assert rows() == ["k:1#1", "k:3#3"]
    assert DeadLetter.objects.get().record.rseq == 2
    assert (Halt.objects.get().open, Halt.objects.get().passed_by) == (False, "许航")


def test_letting_one_pass_lets_no_other_pass(peer: Peer) -> None:
    open_one(peer.batch([line(1, topic=STRICT), line(2, "k:2", topic=STRICT)]))
    halts.let_pass(Halt.objects.get().pk, "许航", "已电话核对")
    intake.open_files([])
    assert [(halt.rseq, halt.passed_by) for halt in Halt.objects.order_by("rseq")] == [(1, "许航"), (2, "")]
    assert rows() == []


def test_behind_a_dead_letter_of_its_key_it_waits_as_all_others(peer: Peer) -> None:
    lines = [line(1, "k:1", {"n": 1, "bad": 1}), line(2, "k:1", topic=STRICT), line(3, "k:3")]
    assert open_one(peer.batch(lines)).dead == 1
    assert (rows(), Halt.objects.count()) == (["k:3#3"], 0)
