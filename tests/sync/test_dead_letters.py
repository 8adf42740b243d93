"""A record that cannot be applied waits alone with the later ones of its key; everything else goes on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError

from sync import dead_letters, keys, peers, registry, status
from sync.models import DeadLetter, InboxRecord, Receipt
from sync.registry import Fact
from sync.reports import APPLIED
from tests.sync.conftest import open_one, rows
from tests.sync.peer import TOPIC, Peer, line

pytestmark = pytest.mark.usefixtures("topic")


def states() -> dict[int, str]:
    return dict(InboxRecord.objects.order_by("rseq").values_list("rseq", "state"))


def poisoned(peer: Peer) -> None:
    """Five records: the second is bad, the fourth has the same key."""
    entries = [("a", {"n": 1}), ("b", {"n": 2, "bad": 1}), ("c", {"n": 3}), ("b", {"n": 4}), ("a", {"n": 5})]
    outcome = open_one(peer.batch(peer.records(*entries)))
    assert (outcome.state, outcome.dead) == (APPLIED, 1)


@pytest.mark.parametrize("at", [0, 2, 4])
def test_first_middle_or_last(at: int, peer: Peer) -> None:
    entries = [(f"k:{n}", {"n": n} | ({"bad": 1} if n == at else {})) for n in range(5)]
    open_one(peer.batch(peer.records(*entries)))
    assert rows() == [f"k:{n}#{n}" for n in range(5) if n != at]
    assert status.incoming().rseq == 5


def test_later_ones_of_its_key_are_parked_behind_it(peer: Peer) -> None:
    poisoned(peer)
    assert rows() == ["a#1", "c#3", "a#5"]
    assert states() == {1: "applied", 2: "dead", 3: "applied", 4: "parked", 5: "applied"}
    open_one(peer.batch(peer.records(("b", {"n": 6}), ("a", {"n": 7}))))
    assert (states()[6], states()[7]) == ("parked", "applied")
    assert status.incoming().parked == 3


def test_what_only_this_side_may_say(peer: Peer) -> None:
    """Each fact has one writer: the peer's word of it is not taken, and its later ones of that key wait."""
    registry.handles("tests.ours", from_side="inner")(lambda fact: None)
    try:
        open_one(peer.batch([line(1, "a", topic="tests.ours"), line(2, "b", {"n": 2})]))
    finally:
        registry.forget("tests.ours")
    assert rows() == ["b#2"]
    assert "tests.ours 只能由内网发出" in DeadLetter.objects.get().reason


def test_peer_hears_of_it(peer: Peer) -> None:
    poisoned(peer)
    body = Receipt.objects.order_by("-number")[0].body
    assert body["dead"] == [{"rseq": 2, "key": "b", "reason": "坏记录"}]
    assert body["applied_rseq"] == 5


@pytest.fixture
def chained() -> Iterator[str]:
    """A fact whose number is n wants the one whose number is n + 1."""

    @registry.handles("test.chained")
    def chained(fact: Fact) -> None:
        wanted = fact.payload["n"] + 1
        if wanted < 4 and not Group.objects.filter(name=f"chained#{wanted}").exists():
            raise registry.Reject("还没有来")
        Group.objects.create(name=f"chained#{fact.payload['n']}")

    yield "test.chained"
    registry.forget("test.chained")


def test_what_each_other_waits_for_is_tried_as_long_as_anything_is_done(peer: Peer, chained: str) -> None:
    open_one(peer.batch(peer.records(("k:1", {"n": 1}), ("k:2", {"n": 2}), topic=chained)))
    assert DeadLetter.objects.filter(open=True).count() == 2
    Group.objects.create(name="chained#3")
    dead_letters.retry_all()
    assert not DeadLetter.objects.filter(open=True).exists()


def test_retry_applies_it_and_those_behind(peer: Peer) -> None:
    poisoned(peer)
    letter = DeadLetter.objects.get()
    assert dead_letters.retry(letter.pk, "许航") is False
    letter.refresh_from_db()
    assert (letter.open, letter.attempts) == (True, 2)
    registry.forget("ledger.noted")
    registry.handles(TOPIC)(lambda fact: Group.objects.create(name=f"{fact.key}#{fact.payload['n']}"))
    assert dead_letters.retry(letter.pk, "许航") is True
    assert rows()[3:] == ["b#2", "b#4"]
    assert set(states().values()) == {"applied"}
    letter.refresh_from_db()
    assert (letter.open, letter.settled_by) == (False, "许航")
    assert status.incoming().parked == 0


def test_dismiss_needs_a_reason_and_releases_those_behind(peer: Peer) -> None:
    poisoned(peer)
    letter = DeadLetter.objects.get()
    with pytest.raises(ValueError):
        dead_letters.dismiss(letter.pk, "许航", "  ")
    dead_letters.dismiss(letter.pk, "许航", "已在窗口另行办理")
    assert rows()[3:] == ["b#4"]
    assert states()[2] == "dismissed"


def test_next_bad_one_behind_becomes_the_dead_letter(peer: Peer) -> None:
    entries = [("b", {"n": 1, "bad": 1}), ("b", {"n": 2, "bad": 1}), ("b", {"n": 3})]
    open_one(peer.batch(peer.records(*entries)))
    dead_letters.dismiss(DeadLetter.objects.get().pk, "许航", "重复")
    assert states() == {1: "dismissed", 2: "dead", 3: "parked"}
    assert DeadLetter.objects.get(open=True).record.rseq == 2


def test_settled_once_only(peer: Peer) -> None:
    poisoned(peer)
    letter = DeadLetter.objects.get()
    dead_letters.dismiss(letter.pk, "许航", "重复")
    with pytest.raises(DeadLetter.DoesNotExist):
        dead_letters.retry(letter.pk, "许航")


@pytest.fixture
def failing() -> Iterator[Callable[[type[Exception] | Exception], None]]:
    """Let the topic ``ledger.failing`` raise something."""

    def install(error: type[Exception] | Exception) -> None:
        @registry.handles("ledger" + ".failing")
        def fail(fact: Fact) -> None:
            Group.objects.create(name="half-written")
            raise error

    yield install
    registry.forget("ledger.failing")


@pytest.mark.parametrize(
    "error", [ValidationError("缺少字段"), IntegrityError("unique"), KeyError("x"), Group.DoesNotExist, RuntimeError]
)
def test_whatever_a_handler_raises_stops_only_its_key(
    error: Exception, peer: Peer, failing: Callable[[Exception], None]
) -> None:
    failing(error)
    open_one(peer.batch([line(1, topic="ledger.failing"), line(2, key="k:2")]))
    assert rows() == ["k:2#2"]
    assert DeadLetter.objects.get().record.rseq == 1


def test_what_a_handler_says_is_told_in_its_own_words(peer: Peer, failing: Callable[[Exception], None]) -> None:
    failing(ValidationError(["缺少字段", "金额不对"]))
    open_one(peer.batch([line(1, topic="ledger.failing")]))
    assert DeadLetter.objects.get().reason == "缺少字段；金额不对"


def test_tried_again_by_a_release_that_does_not_know_its_topic(
    peer: Peer, failing: Callable[[Exception], None]
) -> None:
    failing(RuntimeError())
    open_one(peer.batch([line(1, topic="ledger.failing")]))
    registry.forget("ledger.failing")
    letter = DeadLetter.objects.get()
    assert not dead_letters.retry(letter.pk, "许航")
    letter.refresh_from_db()
    assert (letter.open, letter.reason) == (True, "本系统这一版不认识 ledger.failing（第 1 版），请升级后重试。")


def test_the_failing_row_stays_out_of_the_reason(peer: Peer, failing: Callable[[Exception], None]) -> None:
    """PostgreSQL writes it below the first line of its message."""
    failing(IntegrityError('null value in column "at"\nDETAIL:  Failing row contains (1, 王芳, 13800000000).'))
    open_one(peer.batch([line(1, topic="ledger.failing")]))
    assert "王芳" not in DeadLetter.objects.get().reason


@pytest.mark.parametrize("error", [OperationalError("locked"), OSError("disk")])
def test_trouble_of_the_machine_rolls_the_batch_back(
    error: Exception, peer: Peer, failing: Callable[[Exception], None]
) -> None:
    failing(error)
    path = peer.batch([line(1), line(2, topic="ledger.failing")])
    with pytest.raises(type(error)):
        open_one(path)
    assert (rows(), status.incoming().seq, DeadLetter.objects.count()) == ([], 0, 0)
    assert path.is_file()


def test_line_is_kept_encrypted_until_it_is_applied(peer: Peer) -> None:
    poisoned(peer)
    kept = InboxRecord.objects.exclude(line=None).values_list("rseq", flat=True)
    assert set(kept) == {2, 4}


@pytest.mark.django_db(transaction=True)
def test_broken_reference_is_found_though_databases_check_it_only_at_the_end(
    data_dir: Path, tmp_path: Path, failing: Callable[[Exception], None]
) -> None:
    keys.create(data_dir, "inner")
    peer = Peer(tmp_path / "outer", "outer", keys.load(data_dir, "inner").card)
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint)

    @registry.handles("ledger" + ".failing")
    def refer(fact: Fact) -> None:
        Permission.objects.create(codename="x", name="x", content_type_id=10**6)

    outcome = open_one(peer.batch([line(1), line(2, key="k:2", topic="ledger.failing"), line(3)]))
    assert (outcome.state, outcome.dead) == (APPLIED, 1)
    assert rows() == ["k:1#1", "k:1#3"]
    assert DeadLetter.objects.get().record.rseq == 2
