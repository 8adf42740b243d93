"""The database itself refuses to change or remove evidence, whoever asks."""

from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from applications import seals
from applications.models import Application, Event, EvidenceSeal, PeerHead, PeerSeal, SealedHead

kept = import_module("applications.migrations.0010_evidence_is_only_added_to")
MODELS = [Event, EvidenceSeal, SealedHead, PeerSeal, PeerHead]


@pytest.fixture
def evidence(received: Application) -> Application:
    """A row in each of the tables."""
    seals.seal_changed()
    seal = EvidenceSeal.objects.get()
    now = timezone.now()
    PeerHead.objects.create(case_uid=received.uid, place=1, digest="a" * 64, received_at=now)
    PeerSeal.objects.create(number=1, at=now, cases=1, root=seal.root, digest=seal.digest, received_at=now)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for table in kept.TABLES:
                cursor.execute(kept.sqlite_trigger(table, "DELETE"))
    return received


def test_every_table_of_evidence_is_held() -> None:
    assert {model._meta.db_table for model in MODELS} == set(kept.TABLES)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("verb", ["update", "delete", "save"])
def test_no_row_is_changed_or_removed(evidence: Application, model: type, verb: str) -> None:
    row = model.objects.last()  # type: ignore[attr-defined]
    rows = model.objects.filter(pk=row.pk)  # type: ignore[attr-defined]
    act = {
        "update": lambda: rows.update(digest="b" * 64),
        "delete": lambda: rows._raw_delete("default"),
        "save": row.save,
    }
    with pytest.raises(DatabaseError, match="evidence is only added to"), transaction.atomic():
        act[verb]()
    assert model.objects.get(pk=row.pk).digest == row.digest  # type: ignore[attr-defined]
