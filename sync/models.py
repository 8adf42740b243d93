"""What each side remembers of what it sends and of what it receives."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from sync.fields import SealedTextField


class Peer(models.Model):
    """The site on the other side of the gap, enrolled by fingerprint."""

    side = models.CharField("对端", max_length=16, unique=True)
    suite = models.CharField("密码套件", max_length=8)
    fingerprint = models.CharField("指纹", max_length=64)
    enrolled_at = models.DateTimeField("登记时间", auto_now_add=True)


class PeerKey(models.Model):
    """A public key of the peer. Validity counts batches, not days: a wrong clock must not change a decision."""

    class Use(models.TextChoices):
        SIGN = "sign", "签名"
        SEAL = "seal", "加密"

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="keys")
    use = models.CharField("用途", max_length=8, choices=Use)
    key_id = models.CharField("编号", max_length=16, unique=True)
    public = models.CharField("公钥", max_length=256)
    valid_from_seq = models.PositiveBigIntegerField("自批次", default=1)
    valid_to_seq = models.PositiveBigIntegerField("至批次", null=True)


class Stream(models.Model):
    """One direction of one epoch: the heads of its history."""

    class Direction(models.TextChoices):
        OUT = "out", "发出"
        IN = "in", "接收"

    direction = models.CharField(max_length=3, choices=Direction)
    epoch = models.UUIDField("流编号")
    current = models.BooleanField(default=True)
    seq = models.PositiveBigIntegerField("批次序号", default=0)
    rseq = models.PositiveBigIntegerField("记录序号", default=0)
    chain = models.CharField("记录链", max_length=64)
    batch_hash = models.CharField("批次链", max_length=64, blank=True)
    frozen = models.CharField("冻结原因", max_length=500, blank=True)
    receipt_no = models.PositiveBigIntegerField("回执号", default=0)
    receipt_due = models.BooleanField("待发回执", default=False)
    acknowledged_seq = models.PositiveBigIntegerField("已确认批次", default=0)
    acknowledged_rseq = models.PositiveBigIntegerField("已确认记录", default=0)
    durable_seq = models.PositiveBigIntegerField("已备份批次", default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["direction", "epoch"], name="sync_stream_once"),
            models.UniqueConstraint(
                fields=["direction"], condition=Q(current=True), name="sync_one_current_stream_each_way"
            ),
        ]


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
    state = models.CharField("状态", max_length=16, choices=State, default=State.SEALED)
    revision = models.PositiveIntegerField("文件版次", default=0)
    file_path = models.CharField("文件", max_length=1000, blank=True)
    file_size = models.PositiveBigIntegerField("文件大小", default=0)
    sealed_at = models.DateTimeField("封装时间", auto_now_add=True)
    acknowledged_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "seq"], name="sync_batch_once")]

    @property
    def records(self) -> int:
        """Number of records inside."""
        return self.rseq_last - self.rseq_first + 1


class Outbox(models.Model):
    """A fact for the other side. It gets its number in the stream only when it is sealed."""

    topic = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField(default=1)
    key = models.CharField(max_length=200)
    agg_version = models.PositiveBigIntegerField()
    payload = SealedTextField()
    blobs = models.JSONField(default=list)
    occurred_at = models.DateTimeField()
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="outbox", db_index=False)
    rseq = models.PositiveBigIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "agg_version"], name="sync_outbox_version_once"),
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

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="inbox", db_index=False)
    seq = models.PositiveBigIntegerField()
    content_root = models.CharField(max_length=64)
    rseq_first = models.PositiveBigIntegerField()
    rseq_last = models.PositiveBigIntegerField()
    state = models.CharField(max_length=8, choices=State)
    waits_for = models.CharField(max_length=8, choices=Wait, blank=True)
    file_path = models.CharField(max_length=1000)
    copies = models.PositiveIntegerField("收到份数", default=1)
    received_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "seq"], name="sync_inbox_batch_once")]

    @property
    def records(self) -> int:
        """Number of records inside."""
        return self.rseq_last - self.rseq_first + 1


class InboxRecords(models.QuerySet["InboxRecord"]):
    """Shortcuts that use the small index."""

    def blocking(self, stream: Stream) -> "InboxRecords":
        """Records of a stream that could not be applied, and those parked behind them."""
        states = [InboxRecord.State.DEAD, InboxRecord.State.PARKED]
        return self.filter(stream=stream, line__isnull=False, state__in=states)


class InboxRecord(models.Model):
    """Log of every record received; the record itself is kept, as ``line``, as long as it is not applied."""

    class State(models.TextChoices):
        APPLIED = "applied", "已应用"
        DEAD = "dead", "无法应用"
        PARKED = "parked", "排在无法应用的记录之后"
        DISMISSED = "dismissed", "已放弃"

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="records", db_index=False)
    rseq = models.PositiveBigIntegerField()
    topic = models.CharField(max_length=100)
    key = models.CharField(max_length=200)
    agg_version = models.PositiveBigIntegerField()
    state = models.CharField(max_length=9, choices=State)
    line = SealedTextField(null=True)
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


class Receipt(models.Model):
    """A numbered statement of how far a stream was applied: ours to the peer, or the peer's to us."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    number = models.PositiveBigIntegerField("回执号")
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "number"], name="sync_receipt_once")]


class Quarantine(models.Model):
    """A refused file: nothing of it was applied, the file itself is kept."""

    file_name = models.CharField("文件名", max_length=255)
    kept_as = models.CharField("保存位置", max_length=1000)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField(max_length=64)
    code = models.CharField("原因代码", max_length=40)
    sentence = models.CharField("原因", max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)
