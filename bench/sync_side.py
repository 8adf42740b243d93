"""Runs on one site: sends records of thirteen fields, or receives them into a table of its own, and tells the seconds."""

import json
import os
import sys
from functools import partial
from pathlib import Path

import django

from bench import timing

FIELDS = [f"field_{number}" for number in range(12)]
COLUMNS = ["key", *FIELDS]
TOPIC = "bench.measured"
PLACES = ", ".join(["%s"] * len(COLUMNS))


def row(number: int) -> dict[str, str]:
    """One record: short Chinese texts, as most are."""
    return {"key": f"bench:{number}", **{name: f"{name} 云川市第 {number} 件" for name in FIELDS}}


def send(folder: Path, records: int) -> dict[str, float]:
    """Seconds to record the facts and to seal them."""
    from django.db import transaction

    from sync import batch_out, outbox

    def record() -> None:
        with transaction.atomic():
            for number in range(records):
                fields = row(number)
                outbox.record(TOPIC, fields["key"], fields)

    return {"record": timing.seconds(record), "seal": timing.seconds(lambda: batch_out.seal_all(folder))}


def receive(folder: Path, records: int) -> dict[str, float]:
    """Seconds to open the batches into one table, and to write the same rows plainly into another."""
    from django.db import connection, transaction

    from sync import intake, registry

    with connection.cursor() as cursor:
        for table in ("bench_opened", "bench_plain"):
            columns = ", ".join(f"{name} text" for name in FIELDS)
            cursor.execute(f"CREATE TABLE {table} (key text PRIMARY KEY, {columns})")

    def apply(fact: registry.Fact) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO bench_opened VALUES ({PLACES})", [fact.payload[name] for name in COLUMNS])

    def plainly() -> None:
        values = [list(row(number).values()) for number in range(records)]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO bench_plain VALUES ({PLACES})", values)

    registry.handles(TOPIC)(apply)
    seconds = {"open": timing.seconds(partial(intake.open_path, folder)), "plain": timing.seconds(plainly)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM bench_opened), (SELECT count(*) FROM bench_plain)")
        assert cursor.fetchone() == (records, records)
    return seconds


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    acts = {"send": send, "receive": receive}
    print(json.dumps(acts[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
