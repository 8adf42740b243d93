"""A batch of four volumes, one sent by this site and one by the peer."""

import io
from pathlib import Path

from django.db import transaction

from sync import batch_file, batch_out, blobs, outbox
from sync.models import Batch
from tests.sync.peer import TOPIC, Peer, line, name_of

SMALL = batch_file.RESERVE + 700_000
SCANS = {name_of(data): data for data in (bytes([n]) * 1_000_000 for n in range(3))}


def seal() -> Batch:
    """Of this site; HALL_BATCH_VOLUME_MB must be 2."""
    with transaction.atomic():
        names = [blobs.put(io.BytesIO(data)) for data in SCANS.values()]
        outbox.record(TOPIC, "k:1", {"n": 1}, blobs=names)
    [batch] = batch_out.seal_all(batch_out.outgoing_folder())
    assert batch.volumes.count() == 4
    return batch


def of_the_peer(peer: Peer, number: int = 1) -> list[Path]:
    """Of the peer: three scans, and a record that names them."""
    peer.batch([line(number, blobs=list(SCANS))], blobs=SCANS, largest=SMALL)
    assert len(peer.paths) == 4
    return peer.paths


def numbers(paths: list[Path]) -> list[int]:
    """The volume numbers in names of files."""
    return sorted(int(path.stem[-4:]) for path in paths)


def damage(path: Path) -> bytes:
    """Flip a bit in the middle; what was there."""
    whole = path.read_bytes()
    data = bytearray(whole)
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    return whole
