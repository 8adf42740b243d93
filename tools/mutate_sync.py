"""Takes each verification line of sync/ away in turn and looks whether a test notices: ``python -m tools.mutate_sync [MODULE …]``.

Runs inside one pytest session: the tests are collected and the database is made once, then each mutant is a forked
child that swaps one function and runs the tests up to the first failure. The mutation libraries rewrite files and start
pytest anew for each mutant (half a minute here), and change everything where only the checks are asked for.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

from tools.mutants import Mutant, become, mutants_of

ROOT = Path(__file__).resolve().parent.parent
TESTS = [str(path) for path in sorted((ROOT / "tests" / "sync").glob("test_*.py"))]
# Real processes do not see the mutant of this one; pages are not about verification.
LEFT_OUT = (
    "two_sites",
    "two_nodes",
    "killed",
    "second_reader",
    "operator_page",
    "commands",
    "concurrency",
    "statements",
)
MODULES = "applying batch_file batch_out blobs canonical chain container dead_letters durable envelope frames importer"
MODULES += " intake keys manifest peers reading receipts sealer"
LONGEST = 120.0


def main(modules: list[str]) -> int:
    """0 when every mutant was noticed; prints those that live."""
    hunt = Hunt([path for name in modules or MODULES.split() for path in _files(name)])
    tests = [path for path in TESTS if not any(word in path for word in LEFT_OUT)]
    pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "not faults", *tests], plugins=[hunt])
    print(f"\n{hunt.count} mutants, {len(hunt.living)} live")
    for mutant in hunt.living:
        print(f"  {mutant}")
    return 1 if hunt.living else 0


def _files(name: str) -> list[Path]:
    path = ROOT / "sync" / name
    return sorted(path.glob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


@dataclass
class Hunt:
    """The pytest plugin: replaces the loop over the tests by a loop over the mutants."""

    files: list[Path]
    count: int = 0
    living: list[Mutant | None] = field(default_factory=list)
    _running: dict[int, tuple[Mutant | None, float]] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Warm up with one test of the database, then one child for each mutant, as many at once as there are cores."""
        items = sorted(session.items, key=lambda item: "peer" not in getattr(item, "fixturenames", ()))
        if _first_failure(items[:1], after=items[1]):
            raise RuntimeError("the tests cannot start")
        connections.close_all()
        self._start(None, session.items)
        while self._running:
            self._reap()
        if not self.living:
            raise RuntimeError("the tests fail without any mutant")
        self.living.clear()
        for mutant in (one for path in self.files for one in mutants_of(path)):
            while len(self._running) >= (os.cpu_count() or 2):
                self._reap()
            self.count += 1
            self._start(mutant, session.items)
        while self._running:
            self._reap()
        session.shouldstop = False
        return True

    def _start(self, mutant: Mutant | None, items: list[pytest.Item]) -> None:
        child = os.fork()
        if child:
            self._running[child] = mutant, time.monotonic() + LONGEST
            return
        code = 1
        try:
            code = _live(mutant, items)
        finally:
            os._exit(code)

    def _reap(self) -> None:
        """Wait for a child. 0: nobody noticed; anything else, also a child that hangs, is noticed."""
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            mutant, _ = self._running.pop(child)
            if status == 0:
                self.living.append(mutant)
            print("." if status else f"\nLIVES {mutant}\n", end="", file=sys.stderr, flush=True)
            return
        for pid, (_, latest) in self._running.items():
            if time.monotonic() > latest:
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def _live(mutant: Mutant | None, items: list[pytest.Item]) -> int:
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    database = connections["default"].settings_dict
    own = f"{database['NAME']}.{os.getpid()}"
    shutil.copy(database["NAME"], own)
    database["NAME"] = own
    try:
        if mutant and not become(mutant):
            return 0
        subject = mutant.path.stem if mutant else ""
        # Tests named after the module first: they notice soonest.
        ordered = sorted(items, key=lambda item: subject not in item.nodeid)
        return 1 if _first_failure(ordered, after=ordered[0]) else 0
    finally:
        for leftover in Path(own).parent.glob(f"{Path(own).name}*"):
            leftover.unlink()


def _first_failure(items: list[pytest.Item], after: pytest.Item) -> str:
    for item, following in _pairs(items, after):
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
            return item.nodeid
    return ""


def _pairs(items: list[pytest.Item], after: pytest.Item) -> Iterator[tuple[pytest.Item, pytest.Item]]:
    yield from zip(items, [*items[1:], after], strict=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
