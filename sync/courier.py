"""The courier: seals and opens at an interval over the configured ways, until it is told to stop.

Elapsed time decides when it tries again, sends a heartbeat or raises an alarm; never what becomes of data.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, close_old_connections

from sync import arrivals, batch_out, courier_state, durable, purge, quarantine, reports, volume_words
from sync.courier_clock import Timer, since_last_received, since_last_sealed
from sync.models import Batch, SentVolume
from sync.reasons import CannotProceed
from sync.transports import outgoing
from sync.transports.base import Transport

Say = Callable[[str], None]
Clock = Callable[[], float]
SLOWEST = 300.0
_log = logging.getLogger(__name__)


class AlreadyRunning(CannotProceed):
    """Another courier of this site is at work."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Seconds between rounds, between heartbeats, until silence is an alarm; batches to repeat with a heartbeat."""

    every: float = 5.0
    heartbeat: float = 600.0
    silence: float = 3600.0
    repeat: int = 0


@dataclass(slots=True)
class _Way:
    """A transport and when it may be tried again after a failure."""

    transport: Transport
    pause: float = 0.0
    not_before: float = 0.0


@dataclass(slots=True)
class Courier:
    """Carries over its transports, round by round."""

    transports: list[Transport]
    schedule: Schedule
    say: Say
    stop: threading.Event = field(default_factory=threading.Event)
    clock: Clock = time.monotonic
    _ways: list[_Way] = field(init=False)
    _heartbeat: Timer = field(init=False)
    _silence: Timer = field(init=False)
    _heard: int = field(init=False)
    _tail_open: bool = False

    def __post_init__(self) -> None:
        self._ways = [_Way(transport) for transport in self.transports]
        self._heartbeat = Timer(self.clock, self.schedule.heartbeat, since_last_sealed())
        self._silence = Timer(self.clock, self.schedule.silence, since_last_received())
        self._heard = courier_state.received_count()

    def round(self) -> str:
        """Seal, send, open; the first failure, or an empty text. Each way that fails is left alone for a while."""
        failures = [_failure_of(self._seal)]
        for way in self._ways:
            if not self.stop.is_set() and self.clock() >= way.not_before:
                failures += self._over(way)
        failures += [_failure_of(self._watch), _failure_of(self._purge)]
        found = [failure for failure in failures if failure]
        _failure_of(lambda: self._remember(found))
        return found[0] if found else ""

    def finish(self) -> None:
        """The last thing before stopping: a heartbeat behind the last records, so that their loss would be seen."""
        if not self._tail_open:
            return
        self.stop = threading.Event()
        _failure_of(lambda: self._note_sealed(batch_out.seal_all(batch_out.outgoing_folder(), heartbeat=True)))
        for way in self._ways:
            _failure_of(partial(self._send, way.transport))

    def _seal(self) -> None:
        """What waits; at the fixed interval at least a heartbeat, and on one-way lines the last batches once more."""
        if not self._ways:
            return
        due = self._heartbeat.due()
        self._note_sealed(batch_out.seal_all(batch_out.outgoing_folder(), heartbeat=due))
        if due:
            self._heartbeat.reset()
            for way in self._ways:
                outgoing.repeat(way.transport.name, self.schedule.repeat)

    def _note_sealed(self, batches: list[Batch]) -> None:
        if batches:
            courier_state.sealed()
            self._tail_open = batches[-1].records > 0

    def _over(self, way: _Way) -> list[str]:
        failures = [
            _failure_of(partial(self._send, way.transport)),
            _failure_of(partial(self._open, way.transport)),
        ]
        for complaint in way.transport.complaints():
            self.say(complaint)
        if any(failures):
            way.pause = min(max(way.pause, self.schedule.every, 1.0) * 2, SLOWEST)
            way.not_before = self.clock() + way.pause
        else:
            way.pause, way.not_before = 0.0, 0.0
        return failures

    def _send(self, transport: Transport) -> None:
        transport.prepare()
        for batch in list(outgoing.waiting(transport.name)):
            if self.stop.is_set():
                return
            volumes = outgoing.volumes_of(batch, transport.name)
            for volume in volumes:
                if self.stop.is_set():
                    return
                transport.send(batch, [Path(volume.file_path)])
                outgoing.delivered(transport.name, volume)  # one by one: a failure repeats none of those before it
                courier_state.sent()
            self.say(f"送出第 {batch.seq} 批{_which(batch, volumes)}，{batch.records} 条记录")

    def _open(self, transport: Transport) -> None:
        for group in transport.arrived():
            outcomes = arrivals.open_arrived(group)
            for line in reports.sentences(outcomes):
                self.say(line)
            unread = {outcome.file for outcome in outcomes if outcome.state == reports.UNREADABLE}
            transport.keep_back([path for path in group if quarantine.readable(path) in unread])
            transport.put_away([path for path in group if quarantine.readable(path) not in unread])
            if self.stop.is_set():
                return

    def _watch(self) -> None:
        heard = courier_state.received_count()
        if heard != self._heard:
            self._heard = heard
            self._silence.reset()
        elif self._silence.due() and courier_state.fell_silent():
            minutes = int(self.schedule.silence // 60)
            _log.error("nothing came from the peer for %s minutes", minutes)
            self.say(f"警报：{minutes} 分钟没有收到对端的任何内容。请检查摆渡通道，并与对端管理员联系。")

    def _purge(self) -> None:
        purge.run()

    def _remember(self, failures: list[str]) -> None:
        if not failures:
            courier_state.worked()
        elif courier_state.failed(failures[0]):
            self.say(failures[0])


def serve(courier: Courier) -> None:
    """Carry until ``courier.stop`` is set. AlreadyRunning when this site has a courier at work."""
    with _alone():
        while not courier.stop.is_set():
            close_old_connections()
            courier.round()
            courier.stop.wait(courier.schedule.every)
        courier.finish()


@contextmanager
def _alone() -> Iterator[None]:
    lock = Path(settings.HALL_BATCH_DIR) / ".courier.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            handle.seek(0)
            raise AlreadyRunning(f"本站点已有一个 courier 在运行（进程 {handle.read(20) or '不详'}）。") from error
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def _which(batch: Batch, volumes: list[SentVolume]) -> str:
    """Names the volumes when they are not the whole batch."""
    if len(volumes) == batch.volumes.count():
        return ""
    return f"的{volume_words.of([volume.vol for volume in volumes])}"


def _failure_of(work: Callable[[], None]) -> str:
    try:
        work()
    except CannotProceed as error:
        return str(error)
    except OSError as error:
        return durable.explain(error)
    except OperationalError as error:
        return f"数据库暂时不可用，稍后重试。（{error}）"
    return ""
