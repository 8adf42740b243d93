"""Is the record whole? Reads every chain and every seal, one row at a time, and says what is wrong with which case.

Nothing is held but the case being read: a million events need no more memory than ten.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from applications import evidence
from applications.models import Application, Event
from identity.fields import UnreadableError, unseal

CHUNK = 2000
COLUMNS = (
    *("application_id", "place", "version", "is_move", "action", "from_state", "to_state", "at", "recorded_at"),
    *("actor_kind", "actor_name", "note", "previous", "digest"),
)
OF_CASE = ("application__uid", "application__number", "application__event_count", "application__event_head")
OF_CASE_NOW = ("application__state", "application__version")


@dataclass(frozen=True)
class Finding:
    """What is wrong: with which case (number or uid; empty for the seals), at which place (None: with all of it).

    ``is_explained``: it looks so because a site was restored from a backup, which both sides know; nothing is wrong.
    """

    case: str
    place: int | None
    sentence: str
    is_explained: bool = False

    def __str__(self) -> str:
        where = f"第 {self.place} 条" if self.place is not None else ""
        return f"{self.case}{where}：{self.sentence}" if self.case or where else self.sentence


def chains(*, number: str | None = None, since: datetime | None = None) -> Iterator[Finding]:
    """What is wrong in the chains: of one case, of those with something recorded since a moment, or of all."""
    chosen = Application.objects.all()
    if number is not None:
        chosen = chosen.filter(number=number)
    if since is not None:
        chosen = chosen.filter(Exists(Event.objects.filter(application=OuterRef("pk"), recorded_at__gte=since)))
    everything = number is None and since is None
    for _, rows in groupby(_rows(None if everything else chosen), key=lambda row: row["application_id"]):
        yield from _chain(rows)
    yield from _emptied(chosen)


def _rows(cases: QuerySet[Application] | None) -> Iterator[dict[str, Any]]:
    """Events and the head of their case in one statement: nothing written meanwhile can look like a fault."""
    events = Event.objects.order_by("application_id", "place")
    if cases is not None:
        events = events.filter(application__in=cases)
    # As it is stored: a row that cannot be decrypted is a finding, not the end of the search.
    events = events.annotate(stored=Cast("data", models.TextField()))
    return events.values(*COLUMNS, *OF_CASE, *OF_CASE_NOW, "stored").iterator(chunk_size=CHUNK)


def _chain(rows: Iterator[dict[str, Any]]) -> Iterator[Finding]:
    """Follow one chain from its first place to the head that the case names."""
    previous, place, row, last_move = "", 0, None, None
    for row in rows:
        name = row["application__number"] or str(row["application__uid"])
        if row["place"] != place + 1:
            yield Finding(name, place + 1, f"缺少记录，下一条是第 {row['place']} 条。")
        elif row["previous"] != previous:
            yield Finding(name, row["place"], "与前一条不相连，记录被改写、调换或者删除过。")
        if problem := _altered(row):
            yield Finding(name, row["place"], problem)
        previous, place = row["digest"], row["place"]
        last_move = row if row["is_move"] else last_move
    if row is not None:
        yield from _end(row, last_move, previous)


def _altered(row: dict[str, Any]) -> str:
    try:
        data = json.loads(unseal(row["stored"])) if row["stored"] else None
    except (UnreadableError, ValueError):
        return "内部记录无法解密，被改动过，或者密钥不是写入时的。"
    event = Event(**{name: row[name] for name in COLUMNS}, data=data)
    said = evidence.digest_of(event, str(row["application__uid"]))
    return "" if said == row["digest"] else "内容与摘要不符，写入后被改动过。"


def _end(row: dict[str, Any], last_move: dict[str, Any] | None, digest: str) -> Iterator[Finding]:
    name = row["application__number"] or str(row["application__uid"])
    count, head = row["application__event_count"], row["application__event_head"]
    if row["place"] < count:
        yield Finding(name, row["place"] + 1, f"末尾的记录不见了，应当有 {count} 条。")
    elif row["place"] > count:
        yield Finding(name, count + 1, f"多出记录，办件登记的只有 {count} 条。")
    elif digest != head:
        yield Finding(name, row["place"], "最后一条与办件登记的摘要不符。")
    here = (row["application__state"], row["application__version"])
    if last_move is not None and here != (last_move["to_state"], last_move["version"]):
        yield Finding(
            name,
            last_move["place"],
            f"办件现在是 {here[0]}（第 {here[1]} 次变动），记录到 {last_move['to_state']} 为止。",
        )


def _emptied(cases: QuerySet[Application]) -> Iterator[Finding]:
    """Cases whose record was removed whole, or that were moved without any."""
    silent = cases.filter(models.Q(event_count__gt=0) | models.Q(version__gt=0))
    silent = silent.exclude(Exists(Event.objects.filter(application=OuterRef("pk"))))
    for uid, number in silent.values_list("uid", "number").iterator(chunk_size=CHUNK):
        yield Finding(number or str(uid), None, "全部记录都不见了。")
