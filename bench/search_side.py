"""Runs on one database: fills it with a catalogue, then searches it, a round for each line that it is sent."""

import json
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import django

from bench import search_catalogue as made

Lines = list[Any]
AT_ONCE = 5000
PAGE = 20


def fill(number: int) -> None:
    """``number`` matters, their index, and beside it a table with the same texts for ``icontains``."""
    from django.db import connection, transaction

    from identity.models import Department
    from matters.models import Matter
    from matters.search import index

    department = Department.objects.create(code="BENCH", name="云川市行政审批局", short_name="审批局")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_text (matter_id bigint PRIMARY KEY, visits integer, content text)")
    chance = random.Random(number)

    def entries() -> Iterator[tuple[Matter, Lines]]:
        parts = made.names(number)
        for start in range(0, number, AT_ONCE):
            some = list(islice(parts, AT_ONCE))
            matters = [
                Matter(code=f"B-{start + count:06d}", name="".join(name), department=department, **made.columns(chance))
                for count, name in enumerate(some)
            ]
            Matter.objects.bulk_create(matters)
            written = [made.lines(name, matter.code, chance) for name, matter in zip(some, matters, strict=True)]
            yield from zip(matters, written, strict=True)
            keep_texts(matters, written)

    def keep_texts(matters: list[Matter], written: list[Lines]) -> None:
        rows = [(m.pk, m.visits, as_text(texts)) for m, texts in zip(matters, written, strict=True)]
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO bench_text VALUES (%s, %s, %s)", rows)

    with transaction.atomic():
        state = index.locked_state()
        state.form = index.FORM
        index.write(state, entries())
        state.stamp = "bench"
        state.save()


def as_text(lines: Lines) -> str:
    """The same texts and spellings in one column, lower-case."""
    return "\n".join(f"{one.spelled.text}\t{one.spelled.pinyin}\t{one.spelled.initials}" for one in lines).lower()


def indexed(query: str) -> int:
    """The first page as the search page shows it: which, how many, where the words are, and what may be meant."""
    from matters import search

    answer = search.answer(query)
    return len(answer.found[:PAGE]) and answer.found.count()


def icontains(query: str) -> int:
    """The first page alone from the table of the same texts, each word by ``icontains``; not even counted."""
    from django.db import connection

    like = "LIKE %s ESCAPE '\\'" if connection.vendor == "sqlite" else "LIKE UPPER(%s)"
    column = "content" if connection.vendor == "sqlite" else "UPPER(content)"
    words = query.split()
    where = " AND ".join(f"{column} {like}" for _ in words)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT matter_id FROM bench_text WHERE {where} ORDER BY visits DESC LIMIT {PAGE}",
            [f"%{word}%" for word in words],
        )
        return len(cursor.fetchall())


def times(action: Callable[[str], int], queries: list[str]) -> list[float]:
    """Seconds of each query."""
    taken = []
    for query in queries:
        started = time.perf_counter()
        action(query)
        taken.append(time.perf_counter() - started)
    return taken


def main(number: int) -> None:
    """Fill, say how many seconds it took, then answer each line ``indexed`` or ``icontains`` with the seconds of every query."""
    started = time.monotonic()
    fill(number)
    print(json.dumps([time.monotonic() - started]), flush=True)
    actions = {"indexed": indexed, "icontains": icontains}
    queries = made.queries()
    for line in sys.stdin:
        name, share = line.split()
        print(json.dumps(times(actions[name], queries[:: int(share)])), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    main(int(sys.argv[1]))
