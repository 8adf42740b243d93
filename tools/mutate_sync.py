"""Takes each verification line of sync/ away in turn and looks whether a test notices.

``python -m tools.mutate_sync [MODULE …] [--tests FILE …]``: of all of sync/ against all its tests that takes an hour or two,
of one module against the tests of its behaviour a minute.

Runs inside one pytest session: the tests are collected and the database is made once. A first child runs all of them
as they are and notes which lines each one reaches; then each mutant is a forked child that swaps one function and runs
the tests that reach the line, until one fails, passes when the function is put back, and fails again. The mutation
libraries rewrite files and start pytest anew for each mutant (half a minute here), and change everything where only the
checks are asked for. What nobody noticed so is tried once more in a copy of the project, where other processes see it too.
"""

import argparse
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connections

from tools.mutants import ACCEPTED, Mutant, Verdict, mutants_of
from tools.mutate_copy import Copy
from tools.mutate_here import fails, live, outermost, seen_of

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
# The folders of a test that passes go at once: thousands of runs would leave more files than a disk has room to name.
LEFT_BEHIND = ["-o", "tmp_path_retention_policy=failed"]
OPTIONS = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", "-m", "not faults", *LEFT_BEHIND]
ANOTHER = str(ROOT / "tests" / "sync" / "test_sizes.py")  # there must be two files: see mutate_here.outermost
LONGEST = 600.0  # for one mutant: many times what its tests need, so that only one that hangs is ended


def main(modules: list[str], tests: list[str]) -> int:
    """0 when every mutant was noticed; prints those that live. Without ``tests``, all of sync/ and a second look in a copy."""
    environment = dict(os.environ)  # the settings of the tests add to it
    hunt = Hunt([path for name in modules or ["."] for path in _files(name)])
    chosen = tests or [path for path in TESTS if not any(word in path for word in LEFT_OUT)]
    ended = pytest.main([*OPTIONS, *chosen, ANOTHER], plugins=[hunt])
    if ended != pytest.ExitCode.OK:
        return int(ended)
    here = hunt.count - len(hunt.unnoticed)
    if not tests:
        _try_in_copy(hunt.unnoticed, environment)
    return _report(hunt, here)


def _files(name: str) -> list[Path]:
    path = ROOT / "sync" / name
    return sorted(path.rglob("*.py")) if path.is_dir() else [path.with_suffix(".py")]


def _try_in_copy(unnoticed: dict[Mutant, Verdict], environment: dict[str, str]) -> None:
    """The second stage, for mutants that are not accepted: those noticed are taken out, the rest keep the worse verdict."""
    with Copy(ROOT, environment) as copy:
        for mutant in [one for one in unnoticed if one.name not in ACCEPTED]:
            verdict = copy.verdict(mutant)
            if verdict is Verdict.NOTICED:
                del unnoticed[mutant]
            elif verdict is Verdict.DOUBTFUL:
                unnoticed[mutant] = verdict
            print(f"{verdict.name} in the copy: {mutant}", file=sys.stderr, flush=True)


def _report(hunt: "Hunt", here: int) -> int:
    accepted = [mutant for mutant in hunt.unnoticed if mutant.name in ACCEPTED]
    unexpected = {mutant: verdict for mutant, verdict in hunt.unnoticed.items() if mutant.name not in ACCEPTED}
    elsewhere = hunt.count - here - len(hunt.unnoticed)
    print(f"\n{hunt.count} mutants: {here} noticed here, {elsewhere} in the copy, {len(accepted)} accepted")
    for verdict in (Verdict.LIVES, Verdict.DOUBTFUL):
        found = [mutant for mutant in unexpected if unexpected[mutant] is verdict]
        print(f"{len(found)} {verdict.name.lower()}", *found, sep="\n  ")
    print(f"{len(hunt.ended)} hung, counted as noticed", *hunt.ended, sep="\n  ")
    return 1 if unexpected else 0


@dataclass
class Hunt:
    """The pytest plugin: replaces the loop over the tests by a loop over the mutants."""

    files: list[Path]
    count: int = 0
    unnoticed: dict[Mutant, Verdict] = field(default_factory=dict)
    ended: list[Mutant] = field(default_factory=list)
    _running: dict[int, tuple[Mutant, float]] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Warm up with one test of the database, then one child for each mutant, as many at once as there are cores."""
        items = sorted(session.items, key=lambda item: "peer" not in getattr(item, "fixturenames", ()))
        if fails(items[0], outermost(items[0])):
            raise RuntimeError("the tests cannot start")
        for path in self.files:  # views and commands are imported late: a child must find the function it swaps
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
        connections.close_all()
        seen = seen_of(session.items, ROOT / "sync")
        quickest = sorted(session.items, key=lambda item: seen[item.nodeid].seconds)
        for mutant in (one for path in self.files for one in mutants_of(path)):
            while len(self._running) >= len(os.sched_getaffinity(0)):
                self._reap()
            self.count += 1
            lines = {(str(mutant.path), line) for line in mutant.lines}
            self._start(mutant, [item for item in quickest if not lines.isdisjoint(seen[item.nodeid].lines)])
        while self._running:
            self._reap()
        session.shouldstop = False
        return True

    def _start(self, mutant: Mutant, items: list[pytest.Item]) -> None:
        if not items:
            self._note(mutant, Verdict.LIVES)
            return
        child = os.fork()
        if child:
            self._running[child] = mutant, time.monotonic() + LONGEST
            return
        verdict = Verdict.DOUBTFUL
        try:
            verdict = live(mutant, items)
        finally:
            os._exit(verdict.value)

    def _reap(self) -> None:
        """Wait for a child, and end one that hangs."""
        child, status = os.waitpid(-1, os.WNOHANG)
        if child:
            mutant, _ = self._running.pop(child)
            ended = mutant in self.ended
            self._note(mutant, Verdict.NOTICED if ended else _verdict_of(status))
            return
        for pid, (mutant, latest) in self._running.items():
            if time.monotonic() > latest and mutant not in self.ended:
                self.ended.append(mutant)
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)

    def _note(self, mutant: Mutant, verdict: Verdict) -> None:
        if verdict is not Verdict.NOTICED:
            self.unnoticed[mutant] = verdict
        said = "." if verdict is Verdict.NOTICED else f"\n{verdict.name} {mutant}\n"
        print(said, end="", file=sys.stderr, flush=True)


def _verdict_of(status: int) -> Verdict:
    """A child that was killed, by whatever, says nothing clear."""
    return Verdict(os.WEXITSTATUS(status)) if os.WIFEXITED(status) else Verdict.DOUBTFUL


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="a module or folder of sync/")
    parser.add_argument("--tests", nargs="+", default=[], metavar="FILE", help="only these tests, and no second look")
    given = parser.parse_args()
    sys.exit(main(given.modules, given.tests))
