"""Running tests in a forked child of the collected session: as they are, and with a function swapped."""

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
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.db import connections

from tools.mutants import Mutant, Verdict, living_as

LONGEST_OF_ALL = 1800.0  # all tests, watched
TraceFunction = Any  # it answers itself: no type can say that
Line = tuple[str, int]  # file and number


@dataclass
class Seen:
    """What one test did without any mutant: the lines of sync/ it reached, and how long it took."""

    lines: set[Line] = field(default_factory=set)
    seconds: float = 0.0


def seen_of(items: list[pytest.Item], home: Path) -> dict[str, Seen]:
    """Run all tests in a child without a mutant, and watch which lines of the folder ``home`` they reach."""
    with tempfile.NamedTemporaryFile() as answer:
        child = os.fork()
        if not child:
            try:
                signal.alarm(int(LONGEST_OF_ALL))
                Path(answer.name).write_bytes(pickle.dumps(_watched(items, home)))
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        raw = Path(answer.name).read_bytes()
    found: dict[str, Seen] | str = pickle.loads(raw) if raw else "it did not end"
    if isinstance(found, str):
        raise RuntimeError(f"the tests fail without any mutant: {found}")
    return found


def _watched(items: list[pytest.Item], home: Path) -> dict[str, Seen] | str:
    """What was seen, by test; or the name of one that fails."""
    found = {item.nodeid: Seen() for item in items}
    here: set[Line] = set()

    def note_call(frame: FrameType, _event: str, _: object) -> TraceFunction | None:
        return note_line if frame.f_code.co_filename.startswith(f"{home}{os.sep}") else None

    def note_line(frame: FrameType, _event: str, _: object) -> TraceFunction:
        here.add((frame.f_code.co_filename, frame.f_lineno))
        return note_line

    with _own_world():
        threading.settrace(note_call)
        sys.settrace(note_call)
        for item, following in _pairs(items):
            here, began = found[item.nodeid].lines, time.monotonic()
            if fails(item, following):
                return item.nodeid
            found[item.nodeid].seconds = time.monotonic() - began
        sys.settrace(None)
    return found


def live(mutant: Mutant, items: list[pytest.Item]) -> Verdict:
    """Noticed when a test fails, passes without the mutant right after, and fails with it once more."""
    verdict = Verdict.LIVES
    # Tests named after the module first: they notice soonest.
    ordered = sorted(items, key=lambda item: mutant.path.stem not in item.nodeid)
    with _own_world():
        for item, following in _pairs(ordered):
            if not _fails_as(mutant, item, following):
                continue
            if not fails(item, following) and _fails_as(mutant, item, following):
                return Verdict.NOTICED
            verdict = Verdict.DOUBTFUL
    return verdict


def _fails_as(mutant: Mutant, item: pytest.Item, following: pytest.Item) -> bool:
    with living_as(mutant):
        return fails(item, following)


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


def fails(item: pytest.Item, following: pytest.Item) -> bool:
    """Run one test."""
    return any(report.failed for report in runtestprotocol(item, nextitem=following, log=False))


def _pairs(items: list[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item]]:
    """Each test with the one after it: pytest keeps the fixtures that both need."""
    yield from zip(items, [*items[1:], outermost(items[-1])], strict=True)


def outermost(item: pytest.Item) -> pytest.Item:
    """A test of another file in the top folder: after ``item``, only fixtures stay that every test can build upon."""
    others = (one for one in item.session.items if one.path != item.path)
    return min(others, key=lambda one: len(one.listchain()))
