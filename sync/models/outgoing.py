"""What this side sends."""

from typing import ClassVar

from django.db import models

from sync.fields import NamesField, SealedTextField
from sync.models.streams import Stream


class Aggregate(models.Model):
    """How many facts of a key were recorded; its row lock puts them in order."""

    key = models.CharField(max_length=200, primary_key=True)
    version = models.PositiveBigIntegerField()


class Batch(models.Model):
    """A sealed outgoing batch. Its content never changes; its file can be made again with another ciphertext."""

    class State(models.TextChoices):
        SEALED = "sealed", "待生成文件"
        READY = "ready", "已生成，待对端确认"
        ACKNOWLEDGED = "acknowledged", "对端已应用"

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="batches", db_index=False)
    seq = models.PositiveBigIntegerField("批次序号")
    prev_hash = models.CharField(max_length=64, blank=True)
    content_root = models.CharField(max_length=64)
    rseq_first = models.PositiveBigIntegerField()
    rseq_last = models.PositiveBigIntegerField()
    chain_before = models.CharField(max_length=64)
    chain_after = models.CharField(max_length=64)
    kinds = models.JSONField("各类记录数", default=dict)
    receipts = models.JSONField("捎带的回执", default=list)
    new_keys = models.JSONField("宣布的新密钥", default=list)
    state = models.CharField("状态", max_length=16, choices=State, default=State.SEALED)
    revision = models.PositiveIntegerField("文件版次", default=0)
    file_path = models.CharField("文件", max_length=1000, blank=True)
    file_size = models.PositiveBigIntegerField("文件大小", default=0)
    sealed_at = models.DateTimeField("封装时间", auto_now_add=True)
    acknowledged_at = models.DateTimeField("确认时间", null=True)
    purged = models.BooleanField("已清理", default=False)

    # Of a batch that was sealed a moment ago: its file is written without reading and decrypting the lines once more.
    fresh_lines: list[bytes] | None = None

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "seq"], name="sync_batch_once")]

    @property
    def records(self) -> int:
        """Number of records inside."""
        return self.rseq_last - self.rseq_first + 1

    @property
    def volume_numbers(self) -> list[int]:
        """The numbers of its files; one, when they have not been made yet."""
        return [volume.vol for volume in self.volumes.all()] or [1]


class SentVolume(models.Model):
    """One file of a sealed batch. It is kept, so that what was lost on the way is offered again byte for byte."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="volumes", db_index=False)
    vol = models.PositiveSmallIntegerField("卷号")
    file_path = models.CharField("保存位置", max_length=1000)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField("文件摘要", max_length=64)
    due = models.BooleanField("待送出", default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "vol"], name="sync_sent_volume_once")]


class Outbox(models.Model):
    """A fact for the other side. It gets its number in the stream only when it is sealed."""

    topic = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=200)
    agg_version = models.PositiveBigIntegerField()
    payload = SealedTextField()
    blobs = NamesField(default=list)
    # What was sealed in its place for a peer that was a release behind (sync.overlap).
    sent_version = models.PositiveSmallIntegerField(null=True)
    sent_payload = SealedTextField(null=True)
    occurred_at = models.DateTimeField()
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="outbox", db_index=False)
    rseq = models.PositiveBigIntegerField(null=True)
    # Lost here by a restored backup and given back by the peer; its number may have been used again meanwhile.
    returned = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "agg_version", "returned"], name="sync_outbox_version_once"),
            models.UniqueConstraint(fields=["batch", "rseq"], name="sync_outbox_rseq_once"),
        ]


class SentBlob(models.Model):
    """An attachment travels once per stream, in the batch named here."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, db_index=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="blobs")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "sha256"], name="sync_blob_once")]
