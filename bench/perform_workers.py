"""Eight workers on PostgreSQL, each accepting cases of its own: ``perform`` against the same rows written by bare SQL.

The bare side writes exactly what ``perform`` writes for the same case – the case's row, two stopped and two new clocks, the
route's steps, the event, the acceptance notice, the counter of its number, the fact and its count – one statement a row, in
one transaction, with values that were made ready before. It reads nothing, checks nothing, locks nothing beforehand, encrypts
and hashes nothing. The database is durable (fsync), as an office runs it. Both sides take turns; afterwards every case must
have moved exactly once and every chain must be whole.
"""

import json
import subprocess
import sys
from pathlib import Path

from bench import halls
from tools.sites import ROOT, Site

WORKERS = 8
ROUNDS = 4
CASES = 20  # per worker and round


def run() -> dict[str, float]:
    """``perform_over_sql_8_workers``: moves a second over bare transactions a second (larger is better)."""
    office = halls.office_on_postgres()
    spare = WORKERS  # each worker warms up on one
    _side(office, "fill", str(WORKERS * ROUNDS * CASES * 2 + 2 * spare))
    taken = _race(office)
    _side(office, "check", str(WORKERS * ROUNDS * CASES + spare))
    each = {side: seconds / (ROUNDS * CASES * WORKERS) * 1000 for side, seconds in taken.items()}
    print(
        f"perform {each['perform']:.2f} ms a move, bare SQL {each['bare']:.2f} ms, over {WORKERS} workers", flush=True
    )
    return {"perform_over_sql_8_workers": taken["bare"] / taken["perform"]}


def _race(office: Site) -> dict[str, float]:
    """Seconds of each side over all rounds; a round ends when its last worker is done."""
    command = [sys.executable, "-m", "bench.perform_workers_side", "work", str(WORKERS), str(ROUNDS), str(CASES)]
    workers = [
        subprocess.Popen(
            [*command, str(number)],
            cwd=ROOT,
            env=office.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(WORKERS)
    ]
    try:
        _answers(workers)
        taken = {"perform": 0.0, "bare": 0.0}
        for _ in range(ROUNDS):
            for side in taken:
                taken[side] += _round(workers, side)
        return taken
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def _round(workers: list["subprocess.Popen[str]"], side: str) -> float:
    """From the first start to the last end; the clock is one for all processes of a machine."""
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write(f"{side}\n")
        worker.stdin.flush()
    spans = [json.loads(answer) for answer in _answers(workers)]
    return max(end for _, end in spans) - min(start for start, _ in spans)


def _answers(workers: list["subprocess.Popen[str]"]) -> list[str]:
    lines = [worker.stdout.readline() for worker in workers if worker.stdout is not None]
    assert all(lines), "a worker has ended"
    return lines


def _side(office: Site, *arguments: str) -> None:
    command = [sys.executable, "-m", "bench.perform_workers_side", *arguments]
    subprocess.run(command, cwd=Path(ROOT), env=office.environment(), check=True)
