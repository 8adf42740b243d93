"""What this side received."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sync.fields import SealedTextField
from sync.models.streams import Stream


class InboxBatch(models.Model):
    """A verified batch from the peer: applied, or waiting for what must come first."""

    class State(models.TextChoices):
        PARKED = "parked", "等待"
        APPLIED = "applied", "已应用"

    class Wait(models.TextChoices):
        GAP = "gap", "缺少前面的批次"
        UPGRADE = "upgrade", "本端版本较旧，需先升级"
        FROZEN = "frozen", "接收流已冻结"
        BLOB = "blob", "缺少附件"
        HALTED = "halted", "其中一条记录无法应用，按规定停下"
        EPOCH = "epoch", "新纪元等待批准"

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="inbox", db_index=False)
    seq = models.PositiveBigIntegerField()
    content_root = models.CharField(max_length=64)
    rseq_first = models.PositiveBigIntegerField()
    rseq_last = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State)
    waits_for = models.CharField(max_length=8, choices=Wait, blank=True)
    file_path = models.CharField(max_length=1000)
    sealed_to = models.CharField("收件密钥", max_length=16, blank=True)
    signed_by = models.CharField("签名密钥", max_length=16, blank=True)
    copies = models.PositiveIntegerField("收到份数", default=1)
    received_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "seq"], name="sync_inbox_batch_once")]

    @property
    def records(self) -> int:
        """Number of records inside."""
        return self.rseq_last - self.rseq_first + 1


class InboxVolume(models.Model):
    """A verified volume of a batch of several: it waits for the others, then stays with them.

    The same volume may be here in two revisions: the sender made the batch anew, and only its last volume tells
    which ones belong together. Named by the stream's number, because the first batch of all has no stream here yet.
    """

    epoch = models.UUIDField("流编号")
    seq = models.PositiveBigIntegerField("批次序号")
    vol = models.PositiveSmallIntegerField("卷号")
    last = models.BooleanField("末卷")
    volume_hash = models.CharField(max_length=64)
    file_path = models.CharField(max_length=1000)
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["epoch", "seq", "vol", "volume_hash"], name="sync_inbox_volume_once")
        ]


class InboxRecords(models.QuerySet["InboxRecord"]):
    """Shortcuts that use the small index."""

    def blocking(self) -> "InboxRecords":
        """Records of every epoch that could not be applied, and those parked behind them."""
        states = [InboxRecord.State.DEAD, InboxRecord.State.PARKED]
        return self.filter(line__isnull=False, state__in=states)


class InboxRecord(models.Model):
    """Log of every record received; the record itself is kept, as ``line``, as long as it is not applied."""

    class State(models.TextChoices):
        APPLIED = "applied", "已应用"
        DEAD = "dead", "无法应用"
        PARKED = "parked", "排在无法应用的记录之后"
        DISMISSED = "dismissed", "已放弃"
        KNOWN = "known", "以前的纪元里已收到"

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="records", db_index=False)
    rseq = models.PositiveBigIntegerField()
    topic = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    agg_version = models.PositiveBigIntegerField()
    state = models.CharField(max_length=9, choices=State)
    line = SealedTextField(null=True)
    digest = models.CharField("事实摘要", max_length=64, blank=True)
    objects = InboxRecords.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "rseq"], name="sync_inbox_record_once")]
        indexes: ClassVar = [
            # An applied record has no line: the few others are found without reading the log.
            models.Index(
                fields=["stream", "key", "rseq"], condition=Q(line__isnull=False), name="sync_inbox_not_applied"
            )
        ]


class DeadLetter(models.Model):
    """Why a record could not be applied; later records of the same key wait behind it."""

    record = models.OneToOneField(InboxRecord, on_delete=models.PROTECT, related_name="dead_letter")
    reason = models.CharField("原因", max_length=1000)
    open = models.BooleanField("未处理", default=True)
    attempts = models.PositiveIntegerField("尝试次数", default=1)
    settled_by = models.CharField("处理人", max_length=150, blank=True)
    settled_note = models.CharField("处理说明", max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)


class Quarantine(models.Model):
    """A refused file: nothing of it was applied, the file itself is kept."""

    file_name = models.CharField("文件名", max_length=255)
    kept_as = models.CharField("保存位置", max_length=1000)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField(max_length=64)
    code = models.CharField("原因代码", max_length=40)
    sentence = models.CharField("原因", max_length=1000)
    signer = models.CharField("签名密钥", max_length=16, blank=True)
    # Of a batch whose stream was not known: looked at again once it is.
    epoch = models.UUIDField("流编号", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
