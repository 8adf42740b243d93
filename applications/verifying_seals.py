"""Are the seals whole, do the chains still say what was sealed, and does the other side remember the same?"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from applications import merkle, seals, verifying_returns
from applications.models import Application, Event, EvidenceSeal, PeerHead, PeerSeal, SealedHead
from applications.verifying import CHUNK, Finding


def own(*, since: datetime | None = None) -> Iterator[Finding]:
    """The chain of seals, the tree of each (of those since a moment), and the cases that say they were sealed."""
    number, previous = 0, ""
    for seal in EvidenceSeal.objects.order_by("number").iterator(chunk_size=CHUNK):
        if seal.number != number + 1:
            yield Finding("", None, f"第 {number + 1} 次封存不见了。")
        elif seal.previous != previous:
            yield Finding("", None, f"第 {seal.number} 次封存与前一次不相连。")
        if seals.digest_of(seal) != seal.digest:
            yield Finding("", None, f"第 {seal.number} 次封存被改动过。")
        if since is None or seal.at >= since:
            yield from _tree(seal)
        number, previous = seal.number, seal.digest
    yield from _returned(since)
    yield from _unsealed()


def _tree(seal: EvidenceSeal) -> Iterator[Finding]:
    heads = sorted(seal.heads.all(), key=lambda head: str(head.case_uid))
    if seal.returned_at is not None and not heads:
        return  # its heads never crossed: ``_returned`` says so
    if len(heads) != seal.cases or not heads or merkle.root([seals.leaf_of(head) for head in heads]) != seal.root:
        yield Finding("", None, f"第 {seal.number} 次封存的办件清单被改动过。")


def _returned(since: datetime | None) -> Iterator[Finding]:
    """Seals that came back after a restoration, all of one day in a sentence."""
    with_heads = SealedHead.objects.filter(seal=OuterRef("pk"))
    bare = EvidenceSeal.objects.exclude(returned_at=None).exclude(Exists(with_heads)).order_by()
    bare = bare if since is None else bare.filter(at__gte=since)
    by_day = bare.values(day=TruncDate("returned_at")).annotate(n=Count("pk"), first=Min("number"), last=Max("number"))
    for row in by_day.order_by("day"):
        span = f"{row['first']} 至 {row['last']}" if row["n"] > 1 else row["first"]
        yield Finding(
            "",
            None,
            f"第 {span} 次封存（共 {row['n']} 次）在本站点恢复备份时丢失，{row['day']} 由对方退还：编号、时间、树根和摘要都在，"
            "办件清单不过网，补不回来；其中办件的记录链是按对方退还的内容重建的，恢复以后另行封存。",
            is_explained=True,
        )


def _unsealed() -> Iterator[Finding]:
    sealed = SealedHead.objects.filter(case_uid=OuterRef("uid"), place=OuterRef("sealed_count"))
    lost = Application.objects.filter(sealed_count__gt=0).exclude(Exists(sealed))
    for uid, number, count in lost.values_list("uid", "number", "sealed_count").iterator(chunk_size=CHUNK):
        yield Finding(number or str(uid), count, "这一条登记为已封存，封存记录却不见了。")


def sealed_heads(*, number: str | None = None, since: datetime | None = None) -> Iterator[Finding]:
    """What was sealed and is not there any more: the end of a chain, a whole case, or a chain written anew."""
    heads = SealedHead.objects.order_by("case_uid", "place")
    if number is not None:
        heads = heads.filter(case_uid__in=Application.objects.filter(number=number).values("uid"))
    if since is not None:
        heads = heads.filter(seal__at__gte=since)
    yield from _missed(heads, "封存时")


def _missed(heads: QuerySet[Any], when: str) -> Iterator[Finding]:
    event = Event.objects.filter(application__uid=OuterRef("case_uid"), place=OuterRef("place"))
    case = Application.objects.filter(uid=OuterRef("case_uid"))
    heads = heads.annotate(found=Subquery(event.values("digest")[:1]), number=Subquery(case.values("number")[:1]))
    rows = heads.annotate(is_known=Exists(case)).values_list(
        "case_uid", "place", "digest", "found", "number", "is_known"
    )
    for uid, place, digest, found, number, is_known in rows.iterator(chunk_size=CHUNK):
        if found != digest:
            yield Finding(number or str(uid), place, _sentence(found, is_known=is_known, when=when))


def _sentence(found: str | None, *, is_known: bool, when: str) -> str:
    if not is_known:
        return f"{when}有这个办件，现在整件不见了。"
    return f"{when}有这一条，现在不见了。" if found is None else f"这一条与{when}的不同，记录被重写过。"


def from_the_peer() -> Iterator[Finding]:
    """What the other side told: of our seals (its witness), and whether its own story stayed one story."""
    witnessed = PeerSeal.objects.exclude(witness_number=None)
    mine = EvidenceSeal.objects.filter(number=OuterRef("witness_number")).values("digest")[:1]
    rows = witnessed.annotate(mine=Subquery(mine)).values_list("number", "witness_number", "witness_digest", "mine")
    for _, number, digest, found in rows.iterator(chunk_size=CHUNK):
        if found != digest:
            what = "不见了" if found is None else "不同"
            yield Finding("", None, f"对方见到过我方第 {number} 次封存，现在我方的{what}。")
    yield from _told_twice()
    yield from _peer_chain()


def _told_twice() -> Iterator[Finding]:
    others = PeerHead.objects.filter(case_uid=OuterRef("case_uid"), place=OuterRef("place"))
    number = Application.objects.filter(uid=OuterRef("case_uid")).values("number")[:1]
    twice = PeerHead.objects.filter(Exists(others.exclude(pk=OuterRef("pk")))).annotate(known=Subquery(number))
    rows = twice.order_by("case_uid", "place", "pk").values_list("case_uid", "place", "digest", "known")
    replaced = verifying_returns.replaced()
    for (uid, place), told in groupby(rows.iterator(chunk_size=CHUNK), key=lambda row: row[:2]):
        *before, (*_, known) = told
        days = {replaced.get(row[:3]) for row in before}
        if None in days:
            yield Finding(known or str(uid), place, "对方前后两次告诉的摘要不同，对方的记录被重写过。")
        else:
            sentence = f"对方前后两次告诉的摘要不同：对方恢复过备份，丢失的内容由本站点退还（{_days(days)} 批准），记录链从此是新的。"
            yield Finding(known or str(uid), place, sentence, is_explained=True)


def _days(days: Iterable[date | None]) -> str:
    return "、".join(sorted(str(day) for day in days))


def _peer_chain() -> Iterator[Finding]:
    before: PeerSeal | None = None
    for seal in PeerSeal.objects.order_by("number", "id").iterator(chunk_size=CHUNK):
        if before is not None and seal.number == before.number:
            yield Finding("", None, f"对方第 {seal.number} 次封存先后有两个说法。")
        elif before is not None and seal.number == before.number + 1 and seal.previous != before.digest:
            yield Finding("", None, f"对方第 {seal.number} 次封存与它以前告诉的第 {before.number} 次不相连。")
        before = seal


def against(kept: dict[str, Any]) -> Iterator[Finding]:
    """Compare with what the other side keeps of us (``kept_of_peer`` there, carried here as a file)."""
    mine = dict(EvidenceSeal.objects.values_list("number", "digest"))
    for number, digest in kept["seals"]:
        if mine.get(number) != digest:
            yield Finding("", None, f"对方保存的我方第 {number} 次封存与我方现在的不符。")
    replaced = {(uid, place, digest): day for uid, place, digest, day in kept.get("replaced", [])}
    rebuilt: dict[tuple[str, str], list[int]] = {}
    for uid, place, digest in kept["heads"]:
        found = Event.objects.filter(application__uid=UUID(uid), place=place).values_list("digest", flat=True).first()
        if found == digest:
            continue
        if day := replaced.get((uid, place, digest)):
            rebuilt.setdefault((uid, day), []).append(place)
        else:
            yield Finding(_name(uid), place, "对方保存的这一条摘要，与我方现在的不符或者我方已经没有。")
    yield from (_rebuilt(uid, day, places) for (uid, day), places in rebuilt.items())


def _rebuilt(uid: str, day: str, places: list[int]) -> Finding:
    which = "、".join(map(str, sorted(set(places))))
    return Finding(
        _name(uid),
        None,
        f"对方保存的第 {which} 条摘要是本站点恢复备份以前的。这些记录在恢复时丢失，由对方退还（对方 {day} 批准）后重建："
        "过网的内容相同，没有过网的（意见、办理人姓名）和写入时间不同，所以记录链是新的。",
        is_explained=True,
    )


def _name(uid: str) -> str:
    return Application.objects.filter(uid=UUID(uid)).values_list("number", flat=True).first() or uid


def kept_of_peer() -> dict[str, list[list[Any]]]:
    """What this side keeps of the other, to be carried over and compared there; ``replaced`` are the heads of before the other
    side was restored, with the day on which it was approved here that it gets back what it had lost."""
    heads = PeerHead.objects.values_list("case_uid", "place", "digest").iterator(chunk_size=CHUNK)
    replaced = verifying_returns.replaced().items()
    return {
        "seals": [[number, digest] for number, digest in PeerSeal.objects.values_list("number", "digest")],
        "heads": [[str(uid), place, digest] for uid, place, digest in heads],
        "replaced": [[str(uid), place, digest, str(day)] for (uid, place, digest), day in replaced],
    }
