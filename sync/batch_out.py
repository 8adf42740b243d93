"""Files of sealed batches: made, verified and only then given their name. Can be made again at any time."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import F

from sync import batch_file, blobs, chain, durable, frames, peers, sealer
from sync.failpoints import reach
from sync.keys import Card, SiteKeys
from sync.models import Batch, SentBlob, Stream
from sync.reasons import Refused


def seal_all(folder: Path, *, heartbeat: bool = False) -> list[Batch]:
    """Seal everything that waits and write every batch without a file into ``folder``; returns those batches.

    keys.NoKeys, peers.NotEnrolled and sealer.SealRefused are raised before any number is given; after an OSError the
    sealed batches stay noted, and the next call writes their files.
    """
    keys, peer = peers.site_keys(), peers.peer_card()
    durable.make_folder(folder)
    with durable.exclusive(settings.HALL_BATCH_DIR / ".seal.lock"):
        reach("seal-begun")
        written = _write_pending(folder, keys, peer)
        while batch := sealer.seal_next(heartbeat=heartbeat):
            heartbeat = False
            reach("seal-committed")
            written.append(write_file(batch, folder, keys, peer))
    return written


def again(first: int, last: int) -> int:
    """Ask for the files of batches ``first`` to ``last`` once more; returns how many there are."""
    sent = Batch.objects.filter(stream__direction=Stream.Direction.OUT, stream__current=True)
    return sent.filter(seq__range=(first, last)).update(state=Batch.State.SEALED)


def file_for(batch: Batch) -> Path:
    """The file of a batch for downloading; made again under the outgoing folder when it is no longer where it was."""
    path = Path(batch.file_path)
    if batch.file_path and path.is_file():
        return path
    return Path(write_file(batch, outgoing_folder(), peers.site_keys(), peers.peer_card()).file_path)


def outgoing_folder() -> Path:
    """Where files are put when nobody names a folder."""
    return Path(settings.HALL_BATCH_DIR) / "outgoing"


def write_file(batch: Batch, folder: Path, keys: SiteKeys, peer: Card) -> Batch:
    """Write the file of a sealed batch into ``folder``, read it back and verify it, then note it as ready."""
    described = sealer.manifest_of(batch)
    if described.content_root != batch.content_root:
        raise sealer.SealRefused(f"批次 {batch.seq} 的内容与封装时不同，数据库可能被改动过。请从备份核对。")
    content = batch_file.Content(described, _blobs_of(batch), _checked_lines(batch))
    target = (folder / batch_file.name_of(described)).resolve()
    with durable.part_file(target) as handle:
        batch_file.write(handle, content, keys, peer)
        handle.flush()
        _read_back(handle, keys.card)
        reach("file-read-back")
    reach("file-named")
    state = Batch.State.READY if batch.state == Batch.State.SEALED else batch.state
    Batch.objects.filter(pk=batch.pk).update(
        state=state, revision=F("revision") + 1, file_path=str(target), file_size=target.stat().st_size
    )
    reach("file-noted")
    batch.refresh_from_db()
    return batch


def _read_back(handle: IO[bytes], own: Card) -> None:
    try:
        batch_file.BatchFile(handle, [own]).check_data()
    except Refused as refusal:
        raise sealer.SealRefused(
            f"写出的文件读回来与内容不符，没有保留。磁盘可能有故障，请更换后重试。（{refusal.code}）"
        ) from refusal


def _write_pending(folder: Path, keys: SiteKeys, peer: Card) -> list[Batch]:
    pending = Batch.objects.filter(state=Batch.State.SEALED, stream__current=True).order_by("seq")
    return [write_file(batch, folder, keys, peer) for batch in pending.select_related("stream")]


def _checked_lines(batch: Batch) -> Iterator[bytes]:
    head = bytes.fromhex(batch.chain_before)
    for line in sealer.lines_of(batch):
        head = chain.advance(head, line)
        yield line
    if head.hex() != batch.chain_after:
        raise sealer.SealRefused(f"批次 {batch.seq} 的记录与封装时不同，数据库可能被改动过。请从备份核对。")


def _blobs_of(batch: Batch) -> Iterator[frames.Blob]:
    for row in batch.blobs.order_by("id").iterator():
        yield frames.Blob(row.sha256, row.size, _checked_pieces(row))


def _checked_pieces(row: SentBlob) -> Iterator[bytes]:
    digest = hashlib.sha256()
    try:
        with blobs.open(row.sha256) as handle:
            while piece := handle.read(frames.PIECE):
                digest.update(piece)
                yield piece
    except FileNotFoundError as error:
        raise sealer.SealRefused(f"附件 {row.sha256[:16]}… 不在文件库中。请从备份恢复 files 文件夹后重试。") from error
    if digest.hexdigest() != row.sha256:
        raise sealer.SealRefused(f"附件 {row.sha256[:16]}… 已损坏。请从备份恢复 files 文件夹后重试。")
