"""The second look at a mutant: in a copy of the project whose module is rewritten, so that every process runs it."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import cache_from_source
from pathlib import Path

from tools.mutants import Mutant, Verdict

# Module or folder of sync/, and the tests (in tests/) of its behaviour: quick ones, each mutant runs them all.
TESTS = {
    "applying": ("applications/test_ownership.py",),
    "backup": ("sync/test_backup.py",),
    "courier": ("sync/test_courier.py", "sync/test_courier_pushes.py"),
    "database_dump": ("sync/test_backup.py",),
    "management": ("sync/test_commands.py", "sync/test_stolen_keys.py"),
    "push_views": ("sync/push", "sync/test_courier_pushes.py"),
    "restoring": ("sync/test_backup.py",),
    "returning": ("applications/test_numbers_after_restoring.py", "applications/documents/test_numbering.py"),
}
LONGEST = 600.0  # for one run of pytest


class Copy:
    """A copy of the project: made once, whole again after each mutant."""

    def __init__(self, project: Path, environment: dict[str, str]) -> None:
        self._project, self._environment = project, environment
        self._folder = tempfile.TemporaryDirectory(prefix="mutate-")
        self._root = Path(self._folder.name) / "project"
        self._good: set[tuple[str, ...]] = set()

    def __enter__(self) -> "Copy":
        left = shutil.ignore_patterns(".venv", ".git", "var", "__pycache__", ".*_cache")
        shutil.copytree(self._project, self._root, ignore=left)
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def verdict(self, mutant: Mutant) -> Verdict:
        """Noticed when the tests of its module fail, and the one that failed passes without it."""
        inside = mutant.path.relative_to(self._project / "sync")
        tests = tests_of(inside)
        if not tests:
            return Verdict.LIVES
        self._assure(tests)
        with _rewritten(self._root / "sync" / inside, mutant.module):
            failed = not self._passes(*tests)
        if not failed:
            return Verdict.LIVES
        return Verdict.NOTICED if self._passes("--last-failed", *tests) else Verdict.DOUBTFUL

    def _assure(self, tests: tuple[str, ...]) -> None:
        if tests not in self._good and not self._passes(*tests):
            raise RuntimeError(f"the tests fail without any mutant: {tests}")
        self._good.add(tests)

    def _passes(self, *words: str) -> bool:
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:randomly", *words]
        try:
            done = subprocess.run(
                command, cwd=self._root, env=self._environment, capture_output=True, timeout=LONGEST, check=False
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0


def tests_of(module: Path) -> tuple[str, ...]:
    """The test files for a module, by the nearest name in the table."""
    names = [module.with_suffix("").as_posix(), *(folder.as_posix() for folder in module.parents)]
    found = next((TESTS[name] for name in names if name in TESTS), ())
    return tuple(f"tests/{name}" for name in found)


@contextmanager
def _rewritten(path: Path, text: str) -> Iterator[None]:
    original = path.read_text()
    _write(path, text)
    try:
        yield
    finally:
        _write(path, original)


def _write(path: Path, text: str) -> None:
    """Python tells an old bytecode file by size and second only, which is too coarse here."""
    path.write_text(text)
    Path(cache_from_source(path)).unlink(missing_ok=True)
