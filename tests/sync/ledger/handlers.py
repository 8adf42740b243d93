"""What arrives becomes a row."""

from sync.registry import Fact, Reject, handles, restores
from tests.sync.ledger.models import Entry
from tests.sync.peer import TOPIC


@handles(TOPIC)
def note(fact: Fact) -> None:
    """Reject what is marked bad, write down the rest."""
    if fact.payload.get("bad"):
        raise Reject("坏记录")
    Entry.objects.create(
        key=fact.key, number=fact.payload["n"], text=fact.payload["text"], at=fact.occurred_at, blobs=fact.blobs
    )


@restores(TOPIC)
def note_again(fact: Fact) -> None:
    """What this site had noted itself before its database was restored."""
    Entry.objects.create(
        key=fact.key,
        number=fact.payload["n"],
        text=fact.payload["text"],
        at=fact.occurred_at,
        blobs=fact.blobs,
        own=True,
    )
