"""Facts are noted in the caller's transaction, in order, with everything they need."""

import io
import threading

import pytest
from django.db import connection, transaction

from sync import blobs, canonical, outbox
from sync.models import Outbox
from tests.sync.peer import TOPIC, name_of

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.mark.django_db(transaction=True)
def test_refused_outside_a_transaction() -> None:
    with pytest.raises(outbox.OutsideTransaction):
        outbox.record(TOPIC, "k:1", {})


@pytest.mark.django_db(transaction=True)
def test_gone_when_the_change_is_rolled_back() -> None:
    with pytest.raises(ZeroDivisionError):
        note_and_fail()
    assert not Outbox.objects.exists()
    with transaction.atomic():
        assert outbox.record(TOPIC, "k:1", {}).agg_version == 1


def note_and_fail() -> None:
    with transaction.atomic():
        outbox.record(TOPIC, "k:1", {})
        raise ZeroDivisionError


@pytest.mark.django_db
def test_facts_of_a_key_are_counted() -> None:
    counted = [outbox.record(TOPIC, key, {}).agg_version for key in ("a", "b", "a", "a", "b")]
    assert counted == [1, 1, 2, 3, 2]


@pytest.mark.django_db
def test_payload_comes_back_and_is_unreadable_in_the_table() -> None:
    payload = {"name": "王芳", "amount": "12.50", "list": [1, None, True]}
    row = outbox.record(TOPIC, "k:1", payload)
    row.refresh_from_db()
    assert canonical.decode(row.payload.encode()) == payload
    with connection.cursor() as cursor:
        cursor.execute("SELECT payload FROM sync_outbox")
        assert "王芳".encode() not in bytes(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize("payload", [{"price": 1.5}, {"at": object()}, {1: "x"}, {"n": 2**60}])
def test_what_cannot_travel_is_refused_at_once(payload: dict) -> None:
    with pytest.raises(canonical.NotCanonical):
        outbox.record(TOPIC, "k:1", payload)


@pytest.mark.django_db
def test_too_large() -> None:
    with pytest.raises(ValueError):
        outbox.record(TOPIC, "k:1", {"x": "x" * outbox.LARGEST_PAYLOAD})
    with pytest.raises(ValueError):  # bytes count, as the reader of the batch counts
        outbox.record(TOPIC, "k:1", {"x": "字" * (outbox.LARGEST_PAYLOAD // 3)})
    outbox.record(TOPIC, "k:1", {"x": "字" * (outbox.LARGEST_PAYLOAD // 3 - 10)})


@pytest.mark.django_db
def test_attachment_must_be_in_the_store() -> None:
    with pytest.raises(FileNotFoundError):
        outbox.record(TOPIC, "k:1", {}, blobs=[name_of(b"x")])
    name = blobs.put(io.BytesIO(b"x"))
    assert outbox.record(TOPIC, "k:1", {}, blobs=[name, name]).blobs == [name]


@pytest.mark.django_db(transaction=True)
def test_many_writers_of_one_key() -> None:
    def write() -> None:
        for _ in range(5):
            with transaction.atomic():
                outbox.record(TOPIC, "k:1", {})
        connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(Outbox.objects.order_by("id").values_list("agg_version", flat=True)) == list(range(1, 31))


@pytest.mark.django_db
def test_many_facts_are_noted_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "AT_ONCE", 3)
    name = blobs.put(io.BytesIO(b"x"))
    told = [
        outbox.Told(TOPIC, key, {"n": number}, [name, name] if number == 2 else [], version=1 + number % 2)
        for number, key in enumerate("abaabcaa")
    ]
    outbox.record(TOPIC, "b", {"n": "before"})
    outbox.record_all(iter(told))
    outbox.record_all([])
    shown = Outbox.objects.order_by("id").values_list("key", "agg_version", "version", "payload", "blobs")
    assert list(shown) == [
        ("b", 1, 1, '{"n":"before"}', []),
        ("a", 1, 1, '{"n":0}', []),
        ("b", 2, 2, '{"n":1}', []),
        ("a", 2, 1, '{"n":2}', [name]),
        ("a", 3, 2, '{"n":3}', []),
        ("b", 3, 1, '{"n":4}', []),
        ("c", 1, 2, '{"n":5}', []),
        ("a", 4, 1, '{"n":6}', []),
        ("a", 5, 2, '{"n":7}', []),
    ]
    assert outbox.record(TOPIC, "a", {}).agg_version == 6


@pytest.mark.django_db(transaction=True)
def test_many_facts_are_refused_as_one_is() -> None:
    with pytest.raises(outbox.OutsideTransaction):
        outbox.record_all([outbox.Told(TOPIC, "k:1", {})])
    for wrong in (outbox.Told(TOPIC, "k:1", {"price": 1.5}), outbox.Told(TOPIC, "k:1", {}, ["0" * 64])):
        with pytest.raises((canonical.NotCanonical, FileNotFoundError)), transaction.atomic():
            outbox.record_all([outbox.Told(TOPIC, "k:1", {}), wrong])
    assert not Outbox.objects.exists()


@pytest.mark.django_db
def test_five_hundred_facts_take_two_statements(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        outbox.record_all(outbox.Told(TOPIC, f"k:{number}", {}) for number in range(outbox.AT_ONCE))
