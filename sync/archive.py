"""The lines of batches that were received and applied, read again from the files that were kept."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings

from sync import peers
from sync.batch_file import BatchFile, WholeBatch
from sync.models import InboxBatch, InboxRecord, InboxVolume
from sync.reasons import CannotProceed, Refused


class LineLost(CannotProceed):
    """The file that a record came in is not kept any more."""


def lines(records: list[InboxRecord]) -> Iterator[tuple[InboxRecord, bytes]]:
    """Each record (in the order of its stream) with the line that it came as."""
    kept: tuple[InboxBatch, dict[int, bytes]] | None = None
    for record in records:
        if record.line is not None:
            yield record, record.line.encode()
            continue
        if kept is None or kept[0].stream_id != record.stream_id or record.rseq > kept[0].rseq_last:
            batch = InboxBatch.objects.get(
                stream=record.stream_id, rseq_first__lte=record.rseq, rseq_last__gte=record.rseq
            )
            kept = batch, dict(enumerate(_of(batch), start=batch.rseq_first))
        yield record, kept[1][record.rseq]


def _of(batch: InboxBatch) -> Iterator[bytes]:
    paths = [_found(Path(name)) for name in _names(batch)]
    if not paths or not all(path.is_file() for path in paths):
        raise LineLost(
            f"已收到的第 {batch.seq} 批的文件不在了，不能把其中的内容退还给对端。请从备份恢复 batches/archive 后重试；"
            "确实找不回来的，加 --give-up-lost 批准，并请对端人工补录。"
        )
    try:
        with ExitStack() as stack:
            handles = [stack.enter_context(path.open("rb")) for path in paths]
            opened = [BatchFile(handle, peers.signers()) for handle in handles]
            contents = WholeBatch(_belonging(opened)).contents(peers.site_keys())
            for blob in contents.blobs():
                for _ in blob.pieces:
                    pass
            for block in contents.blocks():
                yield from block
    except Refused as error:
        raise LineLost(f"归档文件 {paths[-1].name} 读不出来：{error.sentence}") from error


def _names(batch: InboxBatch) -> list[str]:
    volumes = InboxVolume.objects.filter(epoch=batch.stream.epoch, seq=batch.seq).order_by("vol", "id")
    return list(volumes.values_list("file_path", flat=True)) or [name for name in (batch.file_path,) if name]


def _found(path: Path) -> Path:
    return (
        path if path.is_file() else Path(settings.HALL_BATCH_DIR) / "archive" / path.name
    )  # the data folder was moved


def _belonging(opened: list[BatchFile]) -> list[BatchFile]:
    """The volumes that the last one lists, in their order: those of other revisions are kept too."""
    by_hash = {file.volume_hash: file for file in opened}
    for last in (file for file in opened if file.volume.last):
        if all(name in by_hash for name in last.batch.volumes):
            return [by_hash[name] for name in last.batch.volumes]
    raise Refused("mixed", "卷清单")
