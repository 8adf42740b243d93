"""Seals over the chains of events: every run of ``tick`` closes over the heads of the cases that changed since the last.

A chain shows what was altered inside it; a seal shows that its end, or the whole case, is gone. Each seal carries the digest
of the one before and crosses the gap, so that neither side can rewrite its own past alone.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from applications import merkle, sync_facts
from applications.models import Application, EvidenceSeal, PeerSeal, SealedHead
from applications.one_at_a_time import one_at_a_time
from sync import canonical

CASES_PER_SEAL = 2000
SEALS_PER_RUN = 50


def seal_changed(now: datetime | None = None) -> int:
    """Seal what changed since the last time, in portions; how many cases. Nothing happens when nothing changed."""
    total = 0
    for _ in range(SEALS_PER_RUN):
        cases = _seal_some(now or timezone.now())
        total += cases
        if cases < CASES_PER_SEAL:
            break
    return total


def digest_of(seal: EvidenceSeal | PeerSeal) -> str:
    """The SHA-256 (hex) over everything a seal says."""
    return canonical.sha256(said_by(seal))


def said_by(seal: EvidenceSeal | PeerSeal) -> dict[str, Any]:
    """Everything a seal says, as JSON values: what its digest covers."""
    return {
        "number": seal.number,
        "previous": seal.previous,
        "at": canonical.moment(seal.at),
        "cases": seal.cases,
        "root": seal.root,
    }


def payload(seal: EvidenceSeal) -> dict[str, Any]:
    """The fact ``evidence.sealed``: the seal without its cases, and the last seal of the other side that arrived here."""
    seen = PeerSeal.objects.order_by("number", "id").last()
    witness = {"number": seen.number, "digest": seen.digest} if seen else None
    return said_by(seal) | {"digest": seal.digest, "witness": witness}


def _seal_some(at: datetime) -> int:
    with transaction.atomic():
        one_at_a_time("evidence-seal")
        heads = _changed_heads()
        if not heads:
            return 0
        last = EvidenceSeal.objects.order_by("number").last()
        seal = EvidenceSeal(number=last.number + 1 if last else 1, previous=last.digest if last else "", at=at)
        seal.cases, seal.root = len(heads), merkle.root([leaf_of(head) for head in heads])
        seal.digest = digest_of(seal)
        seal.save(force_insert=True)
        for head in heads:
            head.seal = seal
        SealedHead.objects.bulk_create(heads)
        sync_facts.record_seal(payload(seal))
    return len(heads)


def leaf_of(head: SealedHead) -> str:
    """The leaf of a sealed head in the tree of its seal."""
    return merkle.leaf(str(head.case_uid), head.place, head.digest)


def _changed_heads() -> list[SealedHead]:
    """The next heads, by uid; their cases stay locked until they are marked as sealed. Cases that somebody holds wait."""
    unsealed = Application.objects.filter(event_count__gt=F("sealed_count")).order_by("id")
    rows = unsealed.select_for_update(skip_locked=True).values_list("pk", "uid", "event_count", "event_head")
    found = list(rows[:CASES_PER_SEAL])
    Application.objects.filter(pk__in=[pk for pk, *_ in found]).update(sealed_count=F("event_count"))
    heads = [SealedHead(case_uid=uid, place=count, digest=head) for _, uid, count, head in found]
    return sorted(heads, key=lambda head: str(head.case_uid))
