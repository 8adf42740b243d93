"""Keep what the other side tells of its own chains: the heads of cases that come with facts, and its seals."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from applications import seals
from applications.models import PeerHead, PeerSeal
from sync import canonical, rows
from sync.registry import Fact, Reject, handles

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def keep_head(case_uid: str, payload: Mapping[str, Any]) -> None:
    """Keep the ``head`` that came with a fact about a case; sites older than the chain send none. Reject for nonsense."""
    told = _head_in(payload)
    if told is not None:
        PeerHead.objects.get_or_create(
            case_uid=case_uid, place=told[0], digest=told[1], defaults={"received_at": timezone.now()}
        )


def keep_heads(payloads: Sequence[Mapping[str, Any]]) -> None:
    """``keep_head`` for several facts, each about a case of its own."""
    told = [(payload["uid"], *head) for payload in payloads if (head := _head_in(payload)) is not None]
    known = PeerHead.objects.filter(case_uid__in=[uid for uid, _, _ in told])
    seen = {(str(uid), place, digest) for uid, place, digest in known.values_list("case_uid", "place", "digest")}
    fresh = [one for one in told if one not in seen]
    now = timezone.now()
    rows.insert_all([PeerHead(case_uid=uid, place=at, digest=digest, received_at=now) for uid, at, digest in fresh])


def _head_in(payload: Mapping[str, Any]) -> tuple[int, str] | None:
    head = payload.get("head")
    if head is None:
        return None
    place, digest = head.get("place"), head.get("digest")
    if not isinstance(place, int) or place < 1 or not _DIGEST.fullmatch(str(digest)):
        raise Reject("办件记录的位置或摘要写法不对。")
    return place, digest


@handles("evidence.sealed")
def sealed(fact: Fact) -> None:
    """Both sides: the other one sealed its chains. Kept as it is; ``verify_evidence`` judges it."""
    said = fact.payload
    witness = said.get("witness") or {}
    seal = PeerSeal(
        number=said["number"],
        previous=said["previous"],
        at=canonical.parse_moment(said["at"]),
        cases=said["cases"],
        root=said["root"],
        digest=said["digest"],
        witness_number=witness.get("number"),
        witness_digest=witness.get("digest", ""),
        received_at=timezone.now(),
    )
    if seals.digest_of(seal) != seal.digest:
        raise Reject(f"对方第 {seal.number} 次封存的摘要与内容不符。")
    if not PeerSeal.objects.filter(number=seal.number, digest=seal.digest).exists():
        seal.save(force_insert=True)
