"""Search at 100,000 matters against search at 3,000, and against ``icontains`` over the same texts; on both databases."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path

from tools import postgres, sites
from tools.sites import ROOT, Site

SMALL, LARGE = 3_000, 100_000
ROUNDS = 5
# Every so manieth query is asked of icontains, which takes a second for each.
SHARE = 8


def run() -> dict[str, float]:
    """``search_p95_100k_over_3k`` (smaller is better) and ``search_over_icontains_100k`` (larger is better), by SQLite and,
    named ``pg_…``, by PostgreSQL where it is installed. p95 of over two hundred queries, each at its best of five rounds.

    All catalogues are filled side by side, which takes most of the time; then they are measured one after the other.
    """
    with ExitStack() as stack:
        databases: dict[str, Callable[[int], str]] = {"": _on_sqlite}
        try:
            postgres.binaries()
            databases["pg_"] = partial(_on_postgres, stack.enter_context(postgres.cluster()))
        except FileNotFoundError as missing:
            print(f"  不测 PostgreSQL：{missing}")
        pairs = {
            prefix: [stack.enter_context(_catalogue(size, database(size))) for size in (SMALL, LARGE)]
            for prefix, database in databases.items()
        }
        for catalogue in chain.from_iterable(pairs.values()):
            catalogue.wait_until_filled()
        return {prefix + name: ratio for prefix, pair in pairs.items() for name, ratio in _ratios(*pair).items()}


def _ratios(small: "Catalogue", large: "Catalogue") -> dict[str, float]:
    taken: dict[str, list[list[float]]] = {"small": [], "large": [], "plain": []}
    for number in range(ROUNDS):
        taken["small"].append(small.ask("indexed", 1))
        taken["large"].append(large.ask("indexed", 1))
        if number % 2 == 0:
            taken["plain"].append(large.ask("icontains", SHARE))
    p95 = {name: _p95([min(times) for times in zip(*rounds, strict=True)]) for name, rounds in taken.items()}
    print(
        f"  p95：3 千 {p95['small']:.1f} ms，10 万 {p95['large']:.1f} ms，icontains {p95['plain']:.0f} ms", flush=True
    )
    return {
        "search_p95_100k_over_3k": p95["large"] / p95["small"],
        "search_over_icontains_100k": p95["plain"] / p95["large"],
    }


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1] * 1000


class Catalogue:
    """A process with a database of its own that is asked round by round, so that both sizes see the same machine."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def wait_until_filled(self) -> None:
        """Return when all matters are there and indexed."""
        self._answer()

    def ask(self, action: str, share: int) -> list[float]:
        """Seconds of every query, or of every so manieth."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{action} {share}\n")
        self.process.stdin.flush()
        seconds: list[float] = self._answer()
        return seconds

    def _answer(self) -> list[float]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("测量进程中途退出，见上面的错误。")
        answer: list[float] = json.loads(line)
        return answer


@contextmanager
def _catalogue(size: int, database_url: str) -> Iterator[Catalogue]:
    root = Path(tempfile.mkdtemp(prefix="hall-bench-search-"))
    try:
        extra = {"HALL_LOG_LEVEL": "ERROR"} | ({"DATABASE_URL": database_url} if database_url else {})
        site, _other = sites.pair(root, postgres.free_port(), postgres.free_port(), **extra)
        site.manage("make_keys")
        site.manage("migrate", "--no-input", "--verbosity", "0")
        with _process(site, size) as process:
            yield Catalogue(process)
    finally:
        shutil.rmtree(root, ignore_errors=True)


@contextmanager
def _process(site: Site, size: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.search_side", str(size)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | site.environment(), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _on_sqlite(size: int) -> str:
    return ""


def _on_postgres(server: str, size: int) -> str:
    import psycopg

    name = f"bench_search_{size}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server.rpartition('/')[0]}/{name}"
