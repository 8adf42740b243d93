"""The carrier between two folders: seals into one, opens what lies in the other, until it is told to stop."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import OperationalError, close_old_connections

from sync import batch_out, container, durable, intake, purge
from sync.reasons import CannotProceed

Say = Callable[[str], None]
SLOWEST = 300.0


@dataclass(slots=True)
class Route:
    """Folder to take batches from, folder to put batches into."""

    source: Path
    target: Path
    _unfinished: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def ready(self) -> list[Path]:
        """Files in ``source`` that are whole: a ZIP ends with its directory. One that stopped growing counts too."""
        files = []
        for path in intake.batch_files(self.source):
            stat = path.stat()
            seen = (stat.st_size, stat.st_mtime_ns)
            with path.open("rb") as handle:
                whole = container.looks_complete(handle)
            if whole or self._unfinished.get(path) == seen:
                files.append(path)
            else:
                self._unfinished[path] = seen
        return files


def serve(route: Route, *, every: float, stop: threading.Event, say: Say) -> None:
    """Carry every ``every`` seconds until ``stop`` is set; after failures ever more slowly, up to five minutes."""
    pause = every
    while not stop.is_set():
        close_old_connections()
        failure = carry(route, say)
        if failure:
            say(failure)
        pause = min(max(pause, 1.0) * 2, SLOWEST) if failure else every
        stop.wait(pause)


def carry(route: Route, say: Say) -> str:
    """One round in both directions; returns why it could not be finished, or an empty text."""
    try:
        for batch in batch_out.seal_all(route.target):
            say(f"送出第 {batch.seq} 批，{batch.records} 条记录")
        _take(route, say)
        purge.run()
    except CannotProceed as error:
        return str(error)
    except OSError as error:
        return durable.explain(error)
    except OperationalError as error:
        return f"数据库暂时不可用，稍后重试。（{error}）"
    return ""


def _take(route: Route, say: Say) -> None:
    route.source.mkdir(parents=True, exist_ok=True)
    files = route.ready()
    for line in intake.sentences(intake.open_files(files)):
        say(line)
    for path in files:
        if path.exists():  # refused files are in quarantine already
            durable.move(path, route.source / "done" / path.name)
