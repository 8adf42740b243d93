"""A run of facts applied together leaves exactly what one by one leaves: rows, their order, dead letters, parked records."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from sync import applying, chain, registry
from sync.applying import Applier
from sync.models import DeadLetter, InboxRecord, Stream
from sync.reading import Numbered
from sync.registry import Fact, Reject
from tests.sync.peer import line

ALPHA, BETA = "bulk" + ".alpha", "bulk" + ".beta"
runs: list[list[str]] = []


def note(fact: Fact) -> None:
    """One row for a fact; ``bad`` ones are rejected, a name that is taken clashes in the database."""
    if fact.payload.get("bad"):
        raise Reject("坏记录")
    Group.objects.create(name=f"{fact.topic}:{fact.payload['name']}")


def note_together(facts: list[Fact]) -> None:
    """The same in one statement."""
    runs.append([fact.key for fact in facts])
    if any(fact.payload.get("bad") for fact in facts):
        raise Reject("其中有坏记录")
    Group.objects.bulk_create(Group(name=f"{fact.topic}:{fact.payload['name']}") for fact in facts)


@pytest.fixture(autouse=True)
def topics() -> Iterator[None]:
    """Alpha can be applied together, beta cannot."""
    runs.clear()
    registry.handles(ALPHA, many=note_together)(note)  # type: ignore[arg-type]
    registry.handles(BETA)(note)
    yield
    registry.forget(ALPHA)
    registry.forget(BETA)


def numbered(entries: list[tuple[str, str, dict[str, Any]]]) -> list[Numbered]:
    """Records of (topic, key, payload), one after the other."""
    lines = [line(at + 1, key, payload, topic=topic) for at, (topic, key, payload) in enumerate(entries)]
    return [(chain.from_line(one), one) for one in lines]


def left_by(entries: list[tuple[str, str, dict[str, Any]]], **how: bool) -> list[Any]:
    """Everything that applying leaves; undone afterwards."""
    with transaction.atomic():
        stream = Stream.objects.create(direction="in", epoch="5e9f4f3e-0000-4000-8000-000000000001", chain="")
        applier = Applier(stream, **how)
        applier.apply(numbered(entries))
        log = list(
            InboxRecord.objects.order_by("rseq").values_list("rseq", "topic", "key", "agg_version", "state", "line")
        )
        letters = list(DeadLetter.objects.order_by("record__rseq").values_list("record__rseq", "reason", "open"))
        found = [list(Group.objects.order_by("id").values_list("name", flat=True)), log, letters, applier.dead]
        transaction.set_rollback(True)
    return found


ENTRY = st.tuples(
    st.sampled_from([ALPHA, ALPHA, ALPHA, BETA]),
    st.sampled_from([f"k:{number}" for number in range(6)]),
    st.fixed_dictionaries({"name": st.integers(0, 12)}, optional={"bad": st.booleans()}),
)


@pytest.mark.django_db(transaction=False)
@settings(max_examples=150, deadline=None, print_blob=True)
@given(entries=st.lists(ENTRY, min_size=1, max_size=25), sizes=st.sampled_from([(1000, 100), (8, 3), (2,)]))
def test_together_is_as_one_by_one(entries: list[tuple[str, str, dict[str, Any]]], sizes: tuple[int, ...]) -> None:
    before, applying.RUNS = applying.RUNS, sizes
    try:
        together = left_by(entries)
    finally:
        applying.RUNS = before
    assert together == left_by(entries, careful=True)


@pytest.mark.django_db
def test_neighbours_of_a_topic_go_together_and_a_key_that_comes_again_begins_a_new_run() -> None:
    keys = ["a", "b", "c", "a", "d"]
    left_by([(ALPHA, key, {"name": at}) for at, key in enumerate(keys)])
    assert runs == [["a", "b", "c"], ["a", "d"]]


@pytest.mark.django_db
def test_another_topic_in_between_is_not_passed_over() -> None:
    left_by([(topic, f"k{at}", {"name": at}) for at, topic in enumerate([ALPHA, ALPHA, BETA, ALPHA, ALPHA])])
    assert runs == [["k0", "k1"], ["k3", "k4"]]


@pytest.mark.django_db
def test_a_poison_record_costs_its_own_key_only() -> None:
    place = random.Random(7).randrange(1500)
    entries = [(ALPHA, f"k{at}", {"name": at, "bad": at == place}) for at in range(1500)]
    names, log, letters, dead = left_by(entries)
    assert (len(names), dead, letters) == (1499, 1, [(place + 1, "坏记录", True)])
    assert [entry[4] for entry in log].count("applied") == 1499


@pytest.mark.django_db
def test_records_behind_a_dead_one_are_parked_though_their_run_could_go_together() -> None:
    entries = [(ALPHA, "a", {"name": 1, "bad": True}), (ALPHA, "b", {"name": 2}), (ALPHA, "a", {"name": 3})]
    names, log, _, _ = left_by(entries)
    assert names == [f"{ALPHA}:2"]
    assert [entry[4] for entry in log] == ["dead", "applied", "parked"]


@pytest.mark.django_db
def test_what_the_machine_cannot_do_now_is_not_the_records_fault() -> None:
    def out_of_space(facts: object) -> None:
        raise OSError("no space left")

    registry.forget(ALPHA)
    registry.handles(ALPHA, many=out_of_space)(note)
    with pytest.raises(OSError, match="no space"):
        left_by([(ALPHA, "a", {"name": 1}), (ALPHA, "b", {"name": 2})])


def test_facts_can_only_be_handled_by_one_function() -> None:
    with pytest.raises(ValueError, match="already handled"):
        registry.handles(ALPHA, many=note_together)(lambda fact: None)  # type: ignore[arg-type]


def test_measurements_can_turn_it_off() -> None:
    before, everything = registry.find(ALPHA, 1), dict(registry._topics)
    assert before
    assert before.many is note_together
    try:
        registry.forget_many()
        after = registry.find(ALPHA, 1)
        assert after
        assert (after.handler, after.many) == (before.handler, None)
    finally:
        registry._topics.update(everything)
