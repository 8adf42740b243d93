"""Runs on one site: attachments out, in, or only hashed; tells the seconds and the most memory the process ever had."""

import hashlib
import json
import os
import resource
import sys
import tempfile
from pathlib import Path
from typing import IO

import django

from bench import timing

TOPIC = "bench.attached"
MIB = 1024 * 1024
EACH = 32


def send(folder: Path, mib: int) -> float:
    """Seconds to seal attachments of 32 MiB each."""
    for number in range(mib // EACH):
        with tempfile.TemporaryFile() as file:  # never in memory as a whole: only the exchange's own is to be seen
            _fill(file, EACH)
            _attach(file, number)
    return _sealed(folder)


def make(path: Path, mib: int) -> float:
    """Seconds to make a file of random bytes."""
    with path.open("wb") as file:
        return timing.seconds(lambda: _fill(file, mib))


def send_file(path: Path, _mib: int) -> float:
    """Seconds to seal one attachment, the file ``path``, into the folder ``path.d``."""
    with path.open("rb") as file:
        _attach(file, 0)
    return _sealed(path.with_suffix(".d"))


def receive_file(folder: Path, _mib: int) -> float:
    """Seconds to verify, decrypt and keep it."""
    return receive(folder, EACH)


def _fill(file: IO[bytes], mib: int) -> None:
    for _ in range(mib):
        file.write(os.urandom(MIB))


def _attach(file: IO[bytes], number: int) -> None:
    from django.db import transaction

    from sync import blobs, outbox

    name = blobs.put(file)
    with transaction.atomic():
        outbox.record(TOPIC, f"bench:{number}", {}, blobs=[name])


def _sealed(folder: Path) -> float:
    from sync import batch_out

    return timing.seconds(lambda: batch_out.seal_all(folder))


def receive(folder: Path, mib: int) -> float:
    """Seconds to verify, decrypt and keep them."""
    from sync import intake, registry, reports

    registry.handles(TOPIC)(lambda fact: None)
    outcomes: list[reports.Outcome] = []
    seconds = timing.seconds(lambda: outcomes.extend(intake.open_path(folder)))
    assert sum(one.records for one in outcomes) == mib // EACH, outcomes
    return seconds


def digest(_folder: Path, mib: int) -> float:
    """Seconds of SHA-256 alone over as many bytes."""
    data = os.urandom(MIB)

    def hash_all() -> None:
        one = hashlib.sha256()
        for _ in range(mib):
            one.update(data)

    return timing.seconds(hash_all)


def written(folder: Path, mib: int) -> float:
    """Seconds to write as many bytes to this disk, in files of 32 MiB, and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    data = os.urandom(MIB)

    def write_all() -> None:
        for number in range(mib // EACH):
            with (folder / f"bare-{number}").open("wb") as file:
                for _ in range(EACH):
                    file.write(data)
                file.flush()
                os.fsync(file.fileno())

    seconds = timing.seconds(write_all)
    for number in range(mib // EACH):
        (folder / f"bare-{number}").unlink()
    return seconds


def nothing(folder: Path, _mib: int) -> float:
    """Seconds of a run in which nothing waits: seal and open, the program started already."""
    from sync import batch_out, intake

    folder.mkdir(exist_ok=True)

    def both() -> None:
        batch_out.seal_all(folder)
        intake.open_path(folder)

    both()
    return timing.seconds(both)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hall.settings")
    django.setup()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    acts = {one.__name__: one for one in (send, receive, make, send_file, receive_file, digest, written, nothing)}
    seconds = acts[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "started_mb": before, "rss_mb": rss}))
