"""How comparing the list of a new epoch grows: seconds and peak memory for some numbers of facts, each in a process.

Usage: python -m bench.sync_epochs [FACTS …]
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NUMBERS = (20_000, 100_000)


def measure(facts: int) -> None:
    """In a process of its own: a site that has received ``facts``, half of which the peer lists; prints the figures."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from sync import new_epochs
    from sync.epoch_records import LONGEST_LIST, Listed, ListedFact
    from sync.models import EpochChange, InboxRecord, Stream

    call_command("migrate", "--run-syncdb", verbosity=0)
    one, two = "0" * 31 + "1", "0" * 31 + "2"
    old = Stream.objects.create(direction="in", epoch=one, chain="0" * 64)
    new = Stream.objects.create(direction="in", epoch=two, chain="0" * 64, current=False, number=2)
    for start in range(0, facts, LONGEST_LIST):
        InboxRecord.objects.bulk_create(
            InboxRecord(stream=old, rseq=n, topic="t", key=f"k:{n}", agg_version=1, state="applied", digest=f"{n:064d}")
            for n in range(start + 1, start + LONGEST_LIST + 1)
        )
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    with transaction.atomic():
        change = EpochChange.objects.create(stream=new, previous=old.epoch, reason="x")
        new_epochs._note_own(change, InboxRecord.objects.order_by("rseq").defer("line"))
        for start in range(0, facts // 2, LONGEST_LIST):
            numbers = range(start + 1, start + LONGEST_LIST + 1)
            listed = [ListedFact(key=f"k:{n}", agg_version=1, digest=f"{n:064d}") for n in numbers]
            new_epochs._compare(change, Listed(facts=listed))
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{facts} {seconds:.2f} {before / 1024:.0f} {peak / 1024:.0f}\n")


def main(numbers: list[int]) -> None:
    """Measure each and print them, with the ratios to the first."""
    rows = []
    for facts in numbers:
        with tempfile.TemporaryDirectory() as home:
            environment = {
                "HALL_SIDE": "inner",
                "HALL_DATA_DIR": home,
                "DATABASE_URL": f"sqlite:///{Path(home) / 'db'}",
            }
            environment |= {"DJANGO_SETTINGS_MODULE": "tests.sync.ledger.settings"}
            words = [sys.executable, "-m", "bench.sync_epochs", "--here", str(facts)]
            done = subprocess.run(words, env=os.environ | environment, check=True, capture_output=True, text=True)
            rows.append([float(word) for word in done.stdout.split()])
    for number, seconds, before, peak in rows:
        ratio = seconds / rows[0][1]
        sys.stdout.write(
            f"{number:,.0f} facts: {seconds:.1f} s ({ratio:.1f} x), peak {peak:.0f} MB ({before:.0f} before)\n"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--here"]:
        measure(int(sys.argv[2]))
    else:
        main([int(word) for word in sys.argv[1:]] or list(NUMBERS))
