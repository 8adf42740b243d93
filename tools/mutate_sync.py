"""Takes each verification line of sync/ away in turn and looks whether a test notices: ``python -m tools.mutate_sync [MODULE …]``.

Runs inside one pytest session: the tests are collected and the database is made once. A first child runs all of them
as they are and notes which functions each one calls; then each mutant is a forked child that swaps one function and runs
the tests that call it, up to the first failure. The mutation libraries rewrite files and start pytest anew for each
mutant (half a minute here), and change everything where only the checks are asked for.
"""

import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

from tools.mutants import ACCEPTED, Mutant, become, mutants_of

ROOT = Path(__file__).resolve().parent.parent
TESTS = [str(path) for path in sorted((ROOT / "tests" / "sync").rglob("test_*.py"))]
# Real processes do not see the mutant of this one; the crowds and the model take long and say little of one line.
LEFT_OUT = (
    "two_sites",
    "two_nodes",
    "two_releases",
    "killed",
    "second_reader",
    "concurrency",
    "restored_halls",
    "restored_sides",
)
LONGEST = 600.0  # for one mutant: many times what its tests need, so that only one that hangs is ended
LONGEST_OF_ALL = 900.0  # all tests, watched
Function = tuple[str, str]  # file and qualified name


def main(modules: list[str]) -> int:
    """0 when every mutant was noticed; prints those that live."""
    hunt = Hunt([path for name in modules or ["."] for path in _files(name)])
    tests = [path for path in TESTS if not any(word in path for word in LEFT_OUT)]
    pytest.main(["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "not faults", *tests], plugins=[hunt])
    unexpected = [mutant for mutant in hunt.living if mutant.name not in ACCEPTED]
    print(
        f"\n{hunt.count} mutants, {len(hunt.living)} live, {len(unexpected)} of them unexpected; {len(hunt.ended)} hung"
    )
    for mutant in unexpected:
        print(f"  {mutant}")
    for mutant in hunt.ended:
        print(f"  hung, counted as noticed: {mutant}")
    return 1 if unexpected else 0


def _files(name: str) -> list[Path]:
    path = ROOT / "sync" / name
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


@dataclass
class Hunt:
    """The pytest plugin: replaces the loop over the tests by a loop over the mutants."""

    files: list[Path]
    count: int = 0
    living: list[Mutant] = field(default_factory=list)
    ended: list[Mutant] = field(default_factory=list)
    _running: dict[int, tuple[Mutant, float]] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Warm up with one test of the database, then one child for each mutant, as many at once as there are cores."""
        items = sorted(session.items, key=lambda item: "peer" not in getattr(item, "fixturenames", ()))
        if _first_failure(items[:1], after=items[1]):
            raise RuntimeError("the tests cannot start")
        connections.close_all()
        seen = _seen_of(session.items)
        quickest = sorted(session.items, key=lambda item: seen[item.nodeid].seconds)
        for mutant in (one for path in self.files for one in mutants_of(path)):
            while len(self._running) >= len(os.sched_getaffinity(0)):
                self._reap()
            self.count += 1
            function = str(mutant.path), mutant.function
            self._start(mutant, [item for item in quickest if function in seen[item.nodeid].calls])
        while self._running:
            self._reap()
        session.shouldstop = False
        return True

    def _start(self, mutant: Mutant, items: list[pytest.Item]) -> None:
        if not items:
            self._note(mutant, noticed=False)
            return
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
            self._note(mutant, noticed=status != 0)
            return
        for pid, (mutant, latest) in self._running.items():
            if time.monotonic() > latest and mutant not in self.ended:
                self.ended.append(mutant)
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)

    def _note(self, mutant: Mutant, *, noticed: bool) -> None:
        if not noticed:
            self.living.append(mutant)
        print("." if noticed else f"\nLIVES {mutant}\n", end="", file=sys.stderr, flush=True)


@dataclass
class Seen:
    """What one test did without any mutant: the functions of sync/ it called, and how long it took."""

    calls: set[Function] = field(default_factory=set)
    seconds: float = 0.0


def _seen_of(items: list[pytest.Item]) -> dict[str, Seen]:
    """Run all tests in a child without a mutant, and watch."""
    with tempfile.NamedTemporaryFile() as answer:
        child = os.fork()
        if not child:
            try:
                signal.alarm(int(LONGEST_OF_ALL))
                Path(answer.name).write_bytes(pickle.dumps(_watched(items)))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        raw = Path(answer.name).read_bytes()
    found: dict[str, Seen] | str = pickle.loads(raw) if raw else "it did not end"
    if isinstance(found, str):
        raise RuntimeError(f"the tests fail without any mutant: {found}")
    return found


def _watched(items: list[pytest.Item]) -> dict[str, Seen] | str:
    """What was seen, by test; or the name of one that fails."""
    found = {item.nodeid: Seen() for item in items}
    here: set[Function] = set()
    home = str(ROOT / "sync") + os.sep

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(home):
            here.add((frame.f_code.co_filename, frame.f_code.co_qualname))

    with _own_world():
        threading.setprofile(note)
        sys.setprofile(note)
        for item, following in _pairs(items, items[0]):
            here, began = found[item.nodeid].calls, time.monotonic()
            if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
                return item.nodeid
            found[item.nodeid].seconds = time.monotonic() - began
        sys.setprofile(None)
    return found


def _live(mutant: Mutant, items: list[pytest.Item]) -> int:
    with _own_world():
        if not become(mutant):
            return 0
        # Tests named after the module first: they notice soonest.
        ordered = sorted(items, key=lambda item: mutant.path.stem not in item.nodeid)
        return 1 if _first_failure(ordered, after=ordered[0]) else 0


@contextmanager
def _own_world() -> Iterator[None]:
    """A silent process with a copy of the database."""
    for stream in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
    database = connections["default"].settings_dict
    own = f"{database['NAME']}.{os.getpid()}"
    shutil.copy(database["NAME"], own)
    database["NAME"] = own
    try:
        yield
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
