"""Runs on one new site: writes a workbook of guides, or takes it in as a clerk would, and tells seconds and memory (bytes)."""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

from bench import timing
from bench.many_guides import many

DEPARTMENT = "BENCH"


def write(file: Path, count: int) -> dict[str, float]:
    """Seconds to write the workbook."""
    from matters.workbook import writing

    def act() -> None:
        with file.open("wb") as out:
            writing.write(((DEPARTMENT, content) for content in many(count)), out)

    return {"write": timing.seconds(act)}


def read(file: Path, count: int) -> dict[str, float]:
    """Seconds of parsing, judging and saving, and the most memory taken beyond what the program needs itself.

    Parsing is opening the package (its checks, its shared texts) and everything until an entry is a content with its cells; all
    after that, checks and database, is judging and saving.
    """
    from identity.models import Department
    from matters.models import GuideVersion
    from matters.workbook import applying, dry_run, entries, reading
    from matters.workbook.dry_run import Keeper

    Department.objects.create(code=DEPARTMENT, name="云川市测量局")
    watch = Stopwatch()
    reading.opened = watch.entered(reading.opened)
    entries.of_workbook = watch.watched(entries.of_workbook)
    keeper = Keeper.everybody("bench")
    before = _most_memory()
    started = time.perf_counter()
    with file.open("rb") as opened:
        batch = dry_run.run(opened, file.name, keeper)
    judged = time.perf_counter() - started - watch.seconds
    assert (batch.created, batch.errors) == (count, 0), batch.errors
    save = timing.seconds(lambda: applying.apply(batch, keeper, digest=batch.digest))
    assert GuideVersion.objects.count() == count
    return {"parse": watch.seconds, "judge": judged, "save": save, "memory": float(_most_memory() - before)}


def again(file: Path, count: int) -> dict[str, float]:
    """Download all guides that ``read`` saved and upload the file unchanged: how many of them come back different."""
    from matters.models import Matter
    from matters.workbook import dry_run, exporting, writing
    from matters.workbook.dry_run import Keeper

    with file.open("wb") as out:
        writing.write(exporting.contents(Matter.objects.all()), out)
    with file.open("rb") as opened:
        batch = dry_run.run(opened, file.name, Keeper.everybody("bench"))
    assert batch.errors == 0, batch.errors
    return {"different": float(count - batch.unchanged + batch.created)}


class Stopwatch:
    """The seconds that are spent inside a generator, or on the way into a ``with``."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def watched(self, make: Any) -> Any:
        """The same generator function, timed."""

        def wrapped(*arguments: Any) -> Iterator[Any]:
            stream = make(*arguments)
            while True:
                started = time.perf_counter()
                item = next(stream, None)
                self.seconds += time.perf_counter() - started
                if item is None:
                    return
                yield item

        return wrapped

    def entered(self, make: Any) -> Any:
        """The same context manager, its way in timed."""

        @contextmanager
        def wrapped(*arguments: Any) -> Iterator[Any]:
            started = time.perf_counter()
            with make(*arguments) as value:
                self.seconds += time.perf_counter() - started
                yield value

        return wrapped


def _most_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    acts = {"write": write, "read": read, "again": again}
    print(json.dumps(acts[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
