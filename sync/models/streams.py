"""The heads of both directions, and the receipts for them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


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
    durable_seq = models.PositiveBigIntegerField("接收方已备份到的批次", default=0)
    backed_up_seq = models.PositiveBigIntegerField("发送方自己已备份到的批次", default=0)
    number = models.PositiveIntegerField("纪元", default=1)
    # Of what is sent: the database was restored, and the peer has not yet given back all that it has of before.
    awaits_return = models.BooleanField("等待对端退还", default=False)
    # Number of the first receipt after the receiver's database was last restored from a backup.
    restored = models.PositiveBigIntegerField("接收方恢复备份后的回执号", default=0)
    # Where the history of this epoch begins: {"stream", "seq", "rseq", "root"} of an earlier one, all of which the receiver
    # has in a verified backup; {} when it begins with the first fact.
    base = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["direction", "epoch"], name="sync_stream_once"),
            models.UniqueConstraint(
                fields=["direction"], condition=Q(current=True), name="sync_one_current_stream_each_way"
            ),
        ]


class Receipt(models.Model):
    """A numbered statement of how far a stream was applied: ours to the peer, or the peer's to us."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="receipts", db_index=False)
    number = models.PositiveBigIntegerField("回执号")
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "number"], name="sync_receipt_once")]
