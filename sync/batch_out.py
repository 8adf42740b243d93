"""Files of sealed batches: made, verified, kept, and offered in the folder from which they are carried away."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.db.models import F

from sync import batch_file, blobs, chain, durable, frames, large_files, marks, own_keys, peers, receipts, sealer
from sync.failpoints import reach
from sync.keys import Card, SiteKeys
from sync.models import Batch, Delivery, SentBlob, SentVolume, Stream
from sync.reasons import Refused

LOCK = ".seal.lock"


def seal_all(folder: Path, *, heartbeat: bool = False) -> list[Batch]:
    """Seal everything that waits and offer every file that is due in ``folder``; returns the batches concerned.

    keys.NoKeys, peers.NotEnrolled and sealer.SealRefused are raised before any number is given (what the peer cannot
    read yet is held back: refused only when nothing came before it); after an OSError the
    sealed batches stay noted, and the next call writes their files.
    """
    _usable_keys()
    durable.make_folder(folder)
    with durable.exclusive(settings.HALL_BATCH_DIR / LOCK):
        reach("seal-begun")
        keys, peer = _usable_keys()  # those of now: they may have been replaced, or taken back, while we waited
        marks.check()
        receipts.settle()
        keys = own_keys.settled(keys)
        offered = _offer_pending(folder, keys, peer)
        try:
            while batch := sealer.seal_next(heartbeat=heartbeat, announce=own_keys.announcement(keys)):
                reach("seal-committed")
                heartbeat, keys = False, own_keys.settled(keys)
                offered.append(offer(batch, folder, keys, peer))
        except sealer.HeldBack:
            if not offered:
                raise
        return _announcing(offered, folder, keys, peer) + offered


def _announcing(offered: list[Batch], folder: Path, keys: SiteKeys, peer: Card) -> list[Batch]:
    """The batches before these ones without which the peer cannot verify them, offered once more.

    What the new key signed says nothing to who has missed its announcement: he cannot even name the batch that he
    misses. So it goes along, byte for byte, until the peer has confirmed it.
    """
    unconfirmed = Batch.objects.filter(state=Batch.State.READY, stream__current=True, purged=False)
    before = unconfirmed.filter(seq__lt=max((batch.seq for batch in offered), default=0))
    found = []
    for batch in before.exclude(new_keys=[]).exclude(pk__in=[one.pk for one in offered]).order_by("seq"):
        if own_keys.for_batch(keys, batch).signer.id() != keys.signer.id():
            again(batch.seq, batch.seq)
            found.append(offer(batch, folder, keys, peer))
    return found


def again(first: int, last: int) -> int:
    """Ask for the files of batches ``first`` to ``last`` once more; returns how many batches there are."""
    sent = Batch.objects.filter(stream__direction=Stream.Direction.OUT, stream__current=True)
    wanted = sent.filter(seq__range=(first, last), purged=False)
    with transaction.atomic():
        SentVolume.objects.filter(batch__in=wanted).update(due=True)
        Delivery.objects.filter(volume__batch__in=wanted).delete()
        return wanted.update(state=Batch.State.SEALED)


def forget_files() -> int:
    """Keep no file any more that was made with other keys than the present ones: each is made anew when it is wanted.

    What the peer has not acknowledged is offered again; returns how many batches that is.
    """
    kept = SentVolume.objects.filter(batch__purged=False)
    paths = [Path(name) for name in kept.values_list("file_path", flat=True)]
    sent = Batch.objects.filter(stream__direction=Stream.Direction.OUT, stream__current=True, purged=False)
    with transaction.atomic():
        kept.delete()
        waiting = sent.exclude(state=Batch.State.ACKNOWLEDGED)
        again = waiting.update(state=Batch.State.SEALED)
    for path in paths:
        path.unlink(missing_ok=True)
    return again


def files_of(batch: Batch) -> list[Path]:
    """The kept files of a batch in the order of its volumes; made again when one is lost or damaged."""
    return [Path(volume.file_path) for volume in volumes_of(batch)]


def volumes_of(batch: Batch) -> list[SentVolume]:
    """The volumes of a batch in their order, each with a whole file; all made again when one is lost or damaged."""
    with durable.exclusive(settings.HALL_BATCH_DIR / LOCK):
        keys, peer = _usable_keys()
        return _kept(batch, keys, peer)


def _usable_keys() -> tuple[SiteKeys, Card]:
    keys, peer = peers.site_keys(), peers.recipient_card()
    own_keys.check_usable(keys)
    return keys, peer


def kept_folder() -> Path:
    """Where the files of sent batches are kept."""
    return Path(settings.HALL_BATCH_DIR) / "sent"


def outgoing_folder() -> Path:
    """Where files are offered when nobody names a folder."""
    return Path(settings.HALL_BATCH_DIR) / "outgoing"


def offer(batch: Batch, folder: Path, keys: SiteKeys, peer: Card) -> Batch:
    """Put the due files of a sealed batch into ``folder``, each whole or not at all, then note it as ready."""
    for volume in _kept(batch, keys, peer):
        if volume.due:
            kept = Path(volume.file_path)
            _place(kept, folder.resolve() / kept.name)
            SentVolume.objects.filter(pk=volume.pk).update(due=False)
    Batch.objects.filter(pk=batch.pk, state=Batch.State.SEALED).update(state=Batch.State.READY)
    last = batch.volumes.order_by("-vol").first()
    if last:  # for people: where its last file was put
        Batch.objects.filter(pk=batch.pk).update(file_path=str(folder.resolve() / Path(last.file_path).name))
    batch.refresh_from_db()
    return batch


def _place(kept: Path, target: Path) -> None:
    """A second name of the same file where the disk can do that, else a copy: a gate may move its own away."""
    if target.is_file() and target.samefile(kept):
        return
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.link(kept, part)
    except OSError:  # another disk, or one that knows no links
        durable.copy(kept, target)
        return
    part.replace(target)
    reach("file-offered")
    part.unlink(missing_ok=True)  # renaming onto the same file leaves both names
    durable.fsync_dir(target.parent)


def _offer_pending(folder: Path, keys: SiteKeys, peer: Card) -> list[Batch]:
    pending = Batch.objects.filter(state=Batch.State.SEALED, stream__current=True).order_by("seq")
    return [offer(batch, folder, keys, peer) for batch in pending.select_related("stream")]


def _kept(batch: Batch, keys: SiteKeys, peer: Card) -> list[SentVolume]:
    volumes = list(batch.volumes.order_by("vol"))
    if volumes and all(_is_whole(volume) for volume in volumes):
        return volumes
    return _make(batch, keys, peer)


def _is_whole(volume: SentVolume) -> bool:
    path = Path(volume.file_path)
    return path.is_file() and large_files.sha256_of(path) == volume.sha256


@dataclass(frozen=True, slots=True)
class _Written:
    path: Path
    size: int
    sha256: str


def _make(batch: Batch, keys: SiteKeys, peer: Card) -> list[SentVolume]:
    """Write the files of a batch, read each back and verify it, then keep them: a new revision of the same content.

    All of them are due, because volumes of two revisions do not fit together.
    """
    if batch.purged:
        raise sealer.SealRefused(f"批次 {batch.seq} 已在对端的备份里，本端已清理，不能再生成。")
    described = sealer.manifest_of(batch)
    if described.content_root != batch.content_root:
        raise sealer.SealRefused(f"批次 {batch.seq} 的内容与封装时不同，数据库可能被改动过。请从备份核对。")
    _check_room(batch)
    keys = own_keys.for_batch(keys, batch)
    marks.note()  # before the file: what somebody may see is never forgotten
    marks.check()  # a clone with the same marks may have been quicker
    content = batch_file.Content(described, _blobs_of(batch), _checked_lines(batch))
    written: list[_Written] = []

    @contextmanager
    def volume(vol: int) -> Iterator[IO[bytes]]:
        target = kept_folder() / batch_file.name_of(described, vol)
        with durable.part_file(target) as handle:
            yield handle
            sha256 = _read_back(handle, keys.card)
            reach("file-read-back")
        reach("file-named")
        written.append(_Written(target, target.stat().st_size, sha256))

    batch_file.write_volumes(volume, content, keys, peer, largest=settings.HALL_BATCH_VOLUME_MB * 1024 * 1024)
    return _note(batch, written)


def _check_room(batch: Batch) -> None:
    """Refuse before the first byte when the disk cannot hold the attachments; no half batch, no full disk."""
    durable.make_folder(kept_folder())
    wanted = sum(batch.blobs.values_list("size", flat=True))
    if shutil.disk_usage(kept_folder()).free < wanted + 64 * 1024 * 1024:
        raise sealer.SealRefused(f"磁盘空间不足：第 {batch.seq} 批的附件共 {wanted} 字节。请清理磁盘后重试。")


def _note(batch: Batch, written: list[_Written]) -> list[SentVolume]:
    with transaction.atomic():
        batch.volumes.all().delete()
        SentVolume.objects.bulk_create(
            SentVolume(batch=batch, vol=vol, file_path=str(one.path), size=one.size, sha256=one.sha256)
            for vol, one in enumerate(written, start=1)
        )
        size = sum(one.size for one in written)
        Batch.objects.filter(pk=batch.pk).update(revision=F("revision") + 1, file_size=size)
    reach("file-noted")
    return list(batch.volumes.order_by("vol"))


def _read_back(handle: large_files.NewFile, own: Card) -> str:
    """The SHA-256 of a file as the disk gives it back."""
    handle.fsync()
    large_files.forget(handle)
    try:
        sha256 = batch_file.BatchFile(handle, [own]).check_all()
    except Refused as refusal:
        raise sealer.SealRefused(
            f"写出的文件读回来与内容不符，没有保留。磁盘可能有故障，请更换后重试。（{refusal.code}）"
        ) from refusal
    large_files.done_with(handle)
    return sha256


def _checked_lines(batch: Batch) -> Iterator[bytes]:
    head, fresh = bytes.fromhex(batch.chain_before), batch.fresh_lines
    batch.fresh_lines = None  # the batch may live on for long
    for line in fresh or sealer.lines_of(batch):
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
        with blobs.open(row.sha256) as handle, large_files.beside([digest]) as take:
            for piece in large_files.pieces(handle):
                take(piece)
                yield piece
            large_files.done_with(handle)
    except FileNotFoundError as error:
        raise sealer.SealRefused(f"附件 {row.sha256[:16]}… 不在文件库中。请从备份恢复 files 文件夹后重试。") from error
    if digest.hexdigest() != row.sha256:
        raise sealer.SealRefused(f"附件 {row.sha256[:16]}… 已损坏。请从备份恢复 files 文件夹后重试。")
