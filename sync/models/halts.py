"""Records that stop the stream, and what the peer rejected of ours."""

from typing import ClassVar

from django.db import models

from sync.models.streams import Stream


class Halt(models.Model):
    """A record of a kind that halts could not be applied: its batch waits, and nothing behind it is applied.

    An operator may let it pass: then it becomes an ordinary dead letter.
    """

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="halts", db_index=False)
    rseq = models.PositiveBigIntegerField("记录序号")
    topic = models.CharField("主题", max_length=100)
    key = models.CharField("对象", max_length=200)
    reason = models.CharField("原因", max_length=1000)
    attempts = models.PositiveIntegerField("尝试次数", default=1)
    open = models.BooleanField("未处理", default=True)
    passed_by = models.CharField("放行人", max_length=150, blank=True)
    passed_note = models.CharField("放行说明", max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "rseq"], name="sync_halt_once")]


class Rejection(models.Model):
    """A record of ours that the peer's operator gave up, with the reason: this side must know that it never counted."""

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="rejections", db_index=False)
    rseq = models.PositiveBigIntegerField("记录序号")
    topic = models.CharField("主题", max_length=100)
    key = models.CharField("对象", max_length=200)
    reason = models.CharField("对端说明的原因", max_length=1000)
    rejected_at = models.DateTimeField("对端放弃的时间")
    received_at = models.DateTimeField("得知的时间", auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "rseq"], name="sync_rejection_once")]
