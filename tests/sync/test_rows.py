"""Rows without the compiler: the same as the ORM writes and reads."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from sync import rows
from sync.models import Batch, Delivery, Outbox, Quarantine, SentVolume, Stream

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent_volume() -> SentVolume:
    stream = Stream.objects.create(direction="out", epoch=uuid4(), chain="0" * 64)
    zero = {
        "rseq_first": 1,
        "rseq_last": 0,
        "chain_before": "0" * 64,
        "chain_after": "0" * 64,
        "content_root": "0" * 64,
    }
    batch = Batch.objects.create(stream=stream, seq=1, sealed_at=timezone.now(), **zero)
    return SentVolume.objects.create(batch=batch, vol=1, size=1, sha256="0" * 64, file_path="x")


def outbox(number: int) -> Outbox:
    return Outbox(
        topic="test.told", key="test:1", agg_version=number, payload="{}", blobs=["a", "b"], occurred_at=timezone.now()
    )


def test_an_inserted_row_is_what_save_would_have_written() -> None:
    first, second = outbox(1), outbox(2)
    rows.insert(first)
    second.save()
    assert first.pk is not None
    assert not first._state.adding
    read = [
        model_to_dict(Outbox.objects.get(pk=one.pk), exclude=["id", "agg_version", "occurred_at"])
        for one in (first, second)
    ]
    assert read[0] == read[1]
    assert Outbox.objects.get(pk=first.pk).occurred_at == first.occurred_at


def test_many_rows_go_in_one_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        rows.insert_all([outbox(number) for number in range(1, 6)])
    rows.insert_all([])
    assert Outbox.objects.count() == 5


def test_values_are_written_as_the_rows_would_be(django_assert_num_queries) -> None:
    written = [outbox(number) for number in range(1, 6)]
    names = ("key", "agg_version", "payload", "blobs")
    with django_assert_num_queries(1):
        rows.insert_values(
            Outbox,
            names,
            [tuple(getattr(row, name) for name in names) for row in written],
            topic="test.told",
            occurred_at=written[0].occurred_at,
        )
    rows.insert_values(Outbox, names, [])
    read = Outbox.objects.order_by("agg_version")
    apart = ["id", "occurred_at"]
    assert [model_to_dict(row, exclude=apart) for row in read] == [model_to_dict(row, exclude=apart) for row in written]
    assert {row.occurred_at for row in read} == {written[0].occurred_at}


def test_fields_that_set_themselves_are_set_in_values_too() -> None:
    before = timezone.now()
    rows.insert_values(Quarantine, ("file_name", "size"), [("a.zip", 1), ("b.zip", 2)], code="truncated")
    assert [(row.file_name, row.size, row.code, row.kept_as) for row in Quarantine.objects.order_by("size")] == [
        ("a.zip", 1, "truncated", ""),
        ("b.zip", 2, "truncated", ""),
    ]
    assert all(before <= row.created_at <= timezone.now() for row in Quarantine.objects.all())


def test_only_the_named_columns_are_written() -> None:
    row = outbox(1)
    row.save()
    row.topic, row.key = "test.else", "test:2"
    rows.update(row, ["topic"])
    row.refresh_from_db()
    assert (row.topic, row.key) == ("test.else", "test:1")


def test_a_column_that_is_none_is_an_error() -> None:
    """The rest would be written as if all were."""
    row = outbox(1)
    row.save()
    row.topic = "test.else"
    with pytest.raises(ValueError, match=r"no columns \['handler', 'payloads'\]"):
        rows.update(row, ["topic", "payloads", "handler"])
    row.refresh_from_db()
    assert row.topic == "test.told"


@pytest.fixture
def fresh_columns() -> Iterator[None]:
    """What is known of columns is found out anew, and not left to other tests."""
    rows._plain.cache_clear()
    yield
    rows._plain.cache_clear()


@pytest.mark.usefixtures("fresh_columns")
def test_the_moment_of_the_last_change_sets_itself(sent_volume: SentVolume) -> None:
    before = timezone.now()
    row = Delivery(channel="folder", volume=sent_volume)
    rows.insert(row)
    first = Delivery.objects.get().delivered_at
    assert before <= first <= timezone.now()
    row.delivered_at = before - timedelta(days=1)  # whatever stands in the row
    rows.update(row, ["delivered_at"])
    assert Delivery.objects.get().delivered_at >= first


def test_a_row_that_is_gone_is_an_error() -> None:
    row = outbox(1)
    row.save()
    Outbox.objects.all().delete()
    row.pk = 1
    with pytest.raises(LookupError, match="not there any more"):
        rows.update(row, ["topic"])


def test_a_prepared_query_answers_as_the_written_one() -> None:
    made = [outbox(number) for number in range(1, 4)]
    for row in made:
        row.save()
    ask = rows.Prepared(lambda pk: Outbox.objects.filter(pk=pk).select_related("batch"))
    for row in made:
        (found,) = ask(row.pk)
        assert (found, found.blobs, found.payload, found.batch) == (row, ["a", "b"], "{}", None)
    assert ask(-5) == []
