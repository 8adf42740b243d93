"""Comparing a long list costs the same for every thousand facts, however many came before."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sync import new_epochs
from sync.epoch_records import Listed, ListedFact
from sync.models import EpochChange, EpochFact, InboxRecord, Stream
from tests.sync.peer import Peer

THOUSAND = 1000
KEYS: dict[str, Callable[[int], str]] = {"one key": lambda n: "k", "keys of their own": lambda n: f"k:{n}"}


def digest(n: int, again: bool = False) -> str:
    return f"{n:063d}{int(again)}"


@pytest.fixture
def change(peer: Peer, request: pytest.FixtureRequest) -> EpochChange:
    """Five thousand facts were received; the peer begins anew."""
    old = Stream.objects.create(direction="in", epoch=peer.stream, chain="0" * 64)
    new = Stream.objects.create(direction="in", epoch="0" * 31 + "1", chain="0" * 64, current=False, number=2)
    key = KEYS[request.param]
    InboxRecord.objects.bulk_create(
        InboxRecord(stream=old, rseq=n, topic="t", key=key(n), agg_version=n, state="applied", digest=digest(n))
        for n in range(1, 5 * THOUSAND + 1)
    )
    return EpochChange.objects.create(stream=new, previous=old.epoch, reason="x")


@pytest.mark.parametrize("change", list(KEYS), indirect=True)
def test_every_thousand_costs_the_same(change: EpochChange, request: pytest.FixtureRequest) -> None:
    with CaptureQueriesContext(
        connection,
    ) as noting:
        new_epochs._note_own(change, InboxRecord.objects.order_by("rseq").defer("line"))
    costs, read = [], []
    key = KEYS[request.node.callspec.params["change"]]
    for start in range(0, 5 * THOUSAND, THOUSAND):
        facts = [
            ListedFact(key=key(n), agg_version=n, digest=digest(n, n % 2 == 0)) for n in range(start + 1, start + 1001)
        ]
        with CaptureQueriesContext(connection) as queries:
            new_epochs._compare(change, Listed(facts=facts))
        costs.append(len(queries))
        read.append(EpochFact.objects.filter(change=change, standing="changed").count())
    assert max(costs) == min(costs) <= 12
    assert len(noting) <= 5 * 12 + 1
    assert read == [500, 1000, 1500, 2000, 2500]
