"""Filling disks: several at the same time, each with the batches of its load, the tables, and last the heartbeat."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from sync import courier_state, durable, peers, receipt_files
from sync.keys import SiteKeys
from sync.manifest import StreamHead
from sync.models import SentVolume
from sync.reasons import CannotProceed
from sync.transports import outgoing
from sync.transports.disk import contents, copying, limits, plan
from sync.transports.disk.contents import Entry, Index
from sync.transports.disk.plan import Item, Load, Plan


class NoRoom(CannotProceed):
    """Not even the heartbeat fits: nothing was written."""


@dataclass(frozen=True, slots=True)
class Written:
    """A disk and what went wrong with it; ``problem`` empty: everything of its load is on it, read back and the same."""

    load: Load
    problem: str


@dataclass(frozen=True, slots=True)
class _Journey:
    """What all disks of a run share."""

    number: str
    disks: int
    keys: SiteKeys
    head: StreamHead | None
    receipt: tuple[str, int, bytes] | None
    heartbeat: Item


def prepare(roots: list[Path], *, everything: bool = False) -> Plan:
    """Seal what waits and a heartbeat, and plan; NoRoom before a byte is written."""
    disks = [limits.look_at(root) for root in roots]
    plan.seal()
    heartbeat = plan.seal_heartbeat()
    batches = [batch for batch in plan.waiting(everything=everything) if batch.pk != heartbeat.pk]
    [last] = plan.items_of([heartbeat], everything=True)
    made = plan.make(disks, plan.items_of(batches, everything=everything), last)
    for load in made.loads:
        if load.used > load.disk.room:
            raise NoRoom(f"{load.disk.root} 的剩余空间不足，没有写入任何内容。请清理后重试。")
    return made


def write(made: Plan) -> list[Written]:
    """Write all disks of a plan at the same time. What is on a good disk counts as carried; a bad disk counts for nothing."""
    assert made.heartbeat
    journey = _Journey(
        secrets.token_hex(8),
        len(made.loads),
        peers.site_keys(),
        receipt_files.own_head(),
        receipt_files.newest(),
        made.heartbeat,
    )
    with ThreadPoolExecutor(len(made.loads)) as pool:
        numbered = list(enumerate(made.loads, 1))
        results = list(pool.map(lambda pair: _fill(pair[1], pair[0], journey), numbered))
    _note(results)
    return results


def _fill(load: Load, number: int, journey: _Journey) -> Written:
    try:
        load.disk.folder.mkdir(exist_ok=True)  # never its parents: a disk that is not there must not become a folder
        durable.fsync_dir(load.disk.root)
        with copying.only_writer(load.disk.folder):
            _fill_alone(load, number, journey)
    except OSError as error:
        return Written(load, f"{load.disk.root}：{durable.explain(error)} 盘上已写好的文件仍然完好，可以接着写。")
    except CannotProceed as error:
        return Written(load, f"{load.disk.root}：{error}")
    return Written(load, "")


def _fill_alone(load: Load, number: int, journey: _Journey) -> None:
    folder = load.disk.folder
    copying.clear_parts(folder)
    entries = [
        _entry(item, copying.copy(item.path, folder / item.name)) for item in load.items if item != journey.heartbeat
    ]
    entries.append(_entry(journey.heartbeat, copying.digest_of(journey.heartbeat.path)))
    index = Index(
        sender=journey.keys.card.side,
        recipient=settings.HALL_PEER_SIDE,
        journey=journey.number,
        disk=number,
        disks=journey.disks,
        files=entries,
        head=journey.head,
    )
    if journey.receipt:
        with durable.part_file(folder / journey.receipt[0]) as handle:
            handle.write(journey.receipt[2])
    contents.write(folder, index, journey.keys)
    copying.copy(journey.heartbeat.path, folder / journey.heartbeat.name)


def _entry(item: Item, digest: str) -> Entry:
    return Entry(name=item.name, seq=item.seq, vol=item.vol, of=item.of, size=item.size, sha256=digest)


def _note(results: list[Written]) -> None:
    """What is on good disks was carried. A heartbeat missing on one disk goes there again."""
    lost = {item.volume for result in results if result.problem for item in result.load.items}
    good = {item.volume for result in results if not result.problem for item in result.load.items}
    for volume in SentVolume.objects.filter(pk__in=good - lost):
        outgoing.delivered(plan.CHANNEL, volume)
        courier_state.sent()
