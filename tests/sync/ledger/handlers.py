"""What arrives becomes a row. ``LEDGER_RELEASE`` says which release of the software this site is.

Release 1 writes and reads v1. Release 2 writes v2, where the text is in ``words``, and can still write v1; release 3 writes
v2 only. Both read what release 1 wrote.
"""

import os
from typing import Any

from sync.registry import Fact, Reject, handles, restores
from sync.versions import NoWayDown, downcasts, upcasts
from tests.sync.ledger.models import Entry
from tests.sync.peer import TOPIC

RELEASE = int(os.environ.get("LEDGER_RELEASE", "1"))
VERSION = min(RELEASE, 2)
# A kind that must not be skipped, with a key of its own.
STRICT = "ledger.closed"


@handles(TOPIC, version=VERSION)
def note(fact: Fact) -> None:
    """Reject what is marked bad, write down the rest."""
    payload = fact.payload
    if payload.get("bad"):
        raise Reject("坏记录")
    text = payload["text" if fact.version == 1 else "words"]
    Entry.objects.create(key=fact.key, number=payload["n"], text=text, at=fact.occurred_at, blobs=fact.blobs)


def written(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload as this release writes it."""
    return payload if VERSION == 1 else to_v2(payload)


def to_v2(payload: dict[str, Any]) -> dict[str, Any]:
    """v2 has ``words`` for ``text``."""
    return {("words" if name == "text" else name): value for name, value in payload.items()}


if VERSION == 2:
    upcasts(TOPIC, 1)(to_v2)

if RELEASE == 2:

    @downcasts(TOPIC, 2)
    def to_v1(payload: dict[str, Any]) -> dict[str, Any]:
        """Back; v1 has no place for secret words."""
        if payload["words"].startswith("秘密"):
            raise NoWayDown("旧版没有地方写秘密")
        return {("text" if name == "words" else name): value for name, value in payload.items()}


@handles(STRICT, halts=True)
def close(fact: Fact) -> None:
    """A ledger is closed only when its last entry is the one that the sender meant."""
    last = Entry.objects.filter(key=fact.key).order_by("id").last()
    if last is None or last.number != fact.payload["last"]:
        raise Reject("账本与结账记录不符")
    Entry.objects.create(key=fact.key, number=0, text="结账", at=fact.occurred_at)


@restores(TOPIC, version=VERSION)
def note_again(fact: Fact) -> None:
    """What this site had noted itself before its database was restored."""
    Entry.objects.create(
        key=fact.key,
        number=fact.payload["n"],
        text=fact.payload["text" if fact.version == 1 else "words"],
        at=fact.occurred_at,
        blobs=fact.blobs,
        own=True,
    )
