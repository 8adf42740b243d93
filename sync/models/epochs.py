"""What a restored database leaves behind: that it happened, and what two histories have in common."""

from typing import ClassVar

from django.db import models

from sync.models.streams import Stream


class Restoration(models.Model):
    """This database came from a backup. As long as it is not settled, nothing is sealed."""

    source = models.CharField("备份", max_length=1000)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField("处理人", max_length=150, blank=True)


class EpochChange(models.Model):
    """The peer began a new epoch; a person here must approve it before anything of it is applied."""

    stream = models.OneToOneField(Stream, on_delete=models.PROTECT, related_name="change")
    previous = models.UUIDField("原来的流")
    reason = models.CharField("原因", max_length=500)
    listed = models.PositiveBigIntegerField("对端列出的事实", default=0)
    fresh = models.PositiveBigIntegerField("其中本端没有的", default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField("批准人", max_length=150, blank=True)


class EpochFacts(models.QuerySet["EpochFact"]):
    """Shortcuts."""

    def known(self, change: EpochChange, digests: list[str]) -> "EpochFacts":
        """Which of these this side has received in an earlier epoch."""
        return self.filter(change=change, digest__in=digests, record__isnull=False)


class EpochFact(models.Model):
    """A fact on which the two sides were compared."""

    class Standing(models.TextChoices):
        KNOWN = "known", "两边都有"
        LOST = "lost", "对端丢失，本端有"
        CHANGED = "changed", "对端重新产生，内容不同"

    change = models.ForeignKey(EpochChange, on_delete=models.PROTECT, related_name="facts", db_index=False)
    digest = models.CharField(max_length=64)
    key = models.CharField(max_length=200)
    agg_version = models.PositiveBigIntegerField()
    standing = models.CharField(max_length=8, choices=Standing)
    # Where this side has it; null for a fact that only the peer has.
    record = models.ForeignKey(
        "sync.InboxRecord", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    objects = EpochFacts.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["change", "digest"], name="sync_epoch_fact_once")]
        indexes: ClassVar = [models.Index(fields=["change", "key", "agg_version"], name="sync_epoch_fact_place")]
