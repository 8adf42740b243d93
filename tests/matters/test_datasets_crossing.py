"""Loads cross in parts: whatever their order, however often they come, nobody sees half of one."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from identity.models import Department
from matters.datasets import receiving, rows, sending
from matters.datasets.definition import Definition
from matters.models import DataSet, Generation, PublicLookup, PublicRow
from sync import canonical
from sync.registry import Reject
from tests.matters.datasets import PHARMACIES, arrive, crossed, facts, forget, pharmacy, published, switch

KEY = b"k" * 32
DEFINITION = Definition.model_validate(PHARMACIES)


def public(number: int, key: bytes = KEY, **changes: str) -> rows.Row:
    return rows.public_row(DEFINITION, key, pharmacy(number, **changes))


# --- pure
@given(st.lists(st.integers(0, 60)), st.integers(1, 7), st.integers(1, 4000))
def test_chunks_keep_every_row_in_order(sizes: list[int], most_rows: int, most_bytes: int) -> None:
    made = [{"ref": f"{at:024d}", "values": {"name": "店" * size}, "hashes": {}} for at, size in enumerate(sizes)]
    chunks = list(rows.chunks(made, most_rows, most_bytes))
    assert [row for chunk in chunks for row in chunk] == made
    assert chunks
    assert all(chunks) or made == []
    for chunk in chunks:
        assert len(chunk) <= most_rows
        assert len(chunk) == 1 or sum(len(canonical.encode(row)) for row in chunk) <= most_bytes


def test_a_load_without_records_is_one_empty_part() -> None:
    assert list(rows.chunks([])) == [[]]


@given(st.permutations(range(4)))
def test_the_digest_depends_on_the_order(order: list[int]) -> None:
    digests = [rows.row_digest(public(n)) for n in range(4)]
    same = rows.Digests(digests).hexdigest() == rows.Digests([digests[at] for at in order]).hexdigest()
    assert same == (order == [0, 1, 2, 3])


def test_only_what_is_shown_or_asked_for_crosses() -> None:
    row = public(1)
    assert set(row["values"]) == {
        "code",
        "name",
        "area",
        "beds",
        "since",
        "address",
        "owner",
        "owner_id",
        "owner_phone",
    }
    assert set(row["hashes"]) == {"owner_id"}


def test_refs_stay_and_tell_nothing_without_the_key() -> None:
    assert public(1)["ref"] == public(1, name="改名")["ref"]
    assert public(1)["ref"] != rows.public_row(DEFINITION, b"x" * 32, pharmacy(1))["ref"]


# --- on the outer side
@pytest.fixture
def outer(on_inner: str, market_bureau: Department, settings: Any) -> DataSet:
    """A public set of two records, on the outer side."""
    return crossed(published(market_bureau, [pharmacy(1), pharmacy(2)]), settings)


def parts_of(made: list[rows.Row], size: int, **final: Any) -> list[tuple[int, list[rows.Row], dict[str, Any] | None]]:
    chunks = list(rows.chunks(made, size))
    digests = rows.Digests(rows.row_digest(row) for row in made)
    whole = {"mode": "replace", "parts": len(chunks), "count": digests.count, "digest": digests.hexdigest()}
    whole |= {"total": len(made), "loaded_at": "2026-03-02T01:00:00.000000+00:00"} | final
    return [(at, chunk, whole if at == len(chunks) - 1 else None) for at, chunk in enumerate(chunks)]


def take(dataset: DataSet, number: int, part: tuple[int, list[rows.Row], dict[str, Any] | None]) -> None:
    dataset = DataSet.objects.select_related("department", "current", "generation").get(pk=dataset.pk)
    assert dataset.current is not None
    receiving.take_part(dataset, dataset.current, number, *part)


def shown(dataset: DataSet) -> list[str]:
    """The names that the public sees."""
    dataset.refresh_from_db()
    found = PublicRow.objects.filter(generation=dataset.generation)
    return sorted(row.values["name"] for row in found)


@pytest.mark.django_db
@profile(max_examples=25)
@given(data=st.data())
def test_any_order_and_any_repetition_shows_the_old_set_or_the_whole_new_one(
    data: st.DataObject, outer: DataSet
) -> None:
    with transaction.atomic():
        old, made = shown(outer), [public(n) for n in range(10, 10 + data.draw(st.integers(1, 7)))]
        parts = parts_of(made, data.draw(st.integers(1, 3)))
        new = sorted(row["values"]["name"] for row in made)
        order = data.draw(st.permutations([*parts, *data.draw(st.lists(st.sampled_from(parts), max_size=4))]))
        arrived: set[int] = set()
        for part in order:
            take(outer, 2, part)
            arrived.add(part[0])
            assert shown(outer) == (new if len(arrived) == len(parts) else old)
        assert Generation.objects.count() == 1
        assert PublicRow.objects.count() == len(made)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_load_that_breaks_off_leaves_the_old_set_and_the_next_one_clears_it(outer: DataSet) -> None:
    take(outer, 2, parts_of([public(n) for n in range(20, 24)], 2)[0])
    assert len(shown(outer)) == 2
    for part in parts_of([public(30)], 2):
        take(outer, 3, part)
    assert shown(outer) == ["云川市康宁大药房第30分店"]
    assert (Generation.objects.count(), PublicRow.objects.count()) == (1, 1)
    assert not PublicLookup.objects.exclude(generation_id=outer.generation_id).exists()


@pytest.mark.django_db
def test_an_overtaken_load_changes_nothing(outer: DataSet) -> None:
    for part in parts_of([public(30)], 2):
        take(outer, 5, part)
    for part in parts_of([public(31)], 2):
        take(outer, 4, part)
    assert shown(outer) == ["云川市康宁大药房第30分店"]


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"count": 3}, {"total": 9}])
def test_a_load_that_is_not_what_was_announced_is_not_shown(outer: DataSet, change: dict[str, Any]) -> None:
    (part,) = parts_of([public(30), public(31)], 5, **change)
    with pytest.raises(receiving.Mismatch), transaction.atomic():
        take(outer, 2, part)
    assert len(shown(outer)) == 2


@pytest.mark.django_db
def test_an_update_replaces_namesakes_and_keeps_the_rest(outer: DataSet) -> None:
    changed = [public(2, outer.key, name="改名药房"), public(3, outer.key)]
    for part in parts_of(changed, 1, mode="upsert", total=3):
        assert "改名药房" not in shown(outer)
        take(outer, 2, part)
    assert shown(outer) == ["云川市康宁大药房第1分店", "云川市康宁大药房第3分店", "改名药房"]
    assert PublicRow.objects.count() == 3
    kept = PublicLookup.objects.values_list("row", flat=True).distinct()
    assert set(kept) == set(PublicRow.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_records_before_their_definition_are_rejected(on_inner: str, market_bureau: Department, settings: Any) -> None:
    dataset = published(market_bureau, [pharmacy(1)])
    told = facts(dataset)
    forget(dataset)
    switch(settings)
    with pytest.raises(Reject, match="定义"):
        arrive(told[1])


@pytest.mark.django_db
def test_facts_applied_twice_change_nothing(on_inner: str, market_bureau: Department, settings: Any) -> None:
    dataset = published(market_bureau, [pharmacy(1), pharmacy(2)])
    told = facts(dataset)
    outer = crossed(dataset, settings)
    before = list(PublicRow.objects.values())
    for fact in told:
        arrive(fact)
    assert list(PublicRow.objects.values()) == before
    assert len(shown(outer)) == 2


@pytest.mark.django_db
def test_many_records_go_in_bounded_facts(
    on_inner: str, market_bureau: Department, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 3)
    monkeypatch.setattr(rows.chunks, "__defaults__", (3, rows.MOST_BYTES))
    dataset = published(market_bureau, [pharmacy(n) for n in range(1, 9)])
    told = [fact for fact in facts(dataset) if fact.topic == sending.ROWS]
    assert [len(fact.payload["rows"]) for fact in told] == [3, 3, 2]
    assert [bool(fact.payload["final"]) for fact in told] == [False, False, True]
    assert len(shown(crossed(dataset, settings))) == 8
