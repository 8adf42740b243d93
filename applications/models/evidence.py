"""What holds the chains of events from outside: own seals, and what the other side was told and told us.

Every table here is only added to; the database itself refuses anything else (migration 0010). Cases are named by their
uid, not by a foreign key: a case that was removed must still be missed.
"""

from django.db import models


class EvidenceSeal(models.Model):
    """Closes over the heads of all cases that changed since the seal before; ``digest`` covers what was said of it."""

    number = models.PositiveIntegerField("第几次封存", unique=True)
    previous = models.CharField("前一次封存的摘要", max_length=64, blank=True)
    at = models.DateTimeField("封存时间")
    cases = models.PositiveIntegerField("办件数")
    root = models.CharField("办件摘要的树根", max_length=64)
    digest = models.CharField("摘要", max_length=64)
    # A restored backup had lost it and the other side gave it back: without its heads, which never crossed.
    returned_at = models.DateTimeField("对方退还的时间", null=True, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"第 {self.number} 次封存"


class SealedHead(models.Model):
    """A leaf of a seal: how far the chain of one case reached, and its last digest."""

    seal = models.ForeignKey(EvidenceSeal, models.PROTECT, related_name="heads")
    case_uid = models.UUIDField("办件")
    place = models.PositiveIntegerField("链上第几条")
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        ordering = ["seal_id", "case_uid"]
        constraints = [models.UniqueConstraint(fields=["seal", "case_uid"], name="sealed_once_per_seal")]
        indexes = [models.Index(fields=["case_uid", "place"], name="sealed_head_case")]


class PeerSeal(models.Model):
    """A seal of the other side, as it told us; ``witness_*`` is the last of our seals that it had then."""

    number = models.PositiveIntegerField("对方第几次封存")
    previous = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField("对方封存时间")
    cases = models.PositiveIntegerField("办件数")
    root = models.CharField(max_length=64)
    digest = models.CharField("摘要", max_length=64)
    witness_number = models.PositiveIntegerField("对方见到我方第几次封存", null=True, blank=True)
    witness_digest = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["number", "id"]
        constraints = [models.UniqueConstraint(fields=["number", "digest"], name="peer_seal_once")]


class PeerHead(models.Model):
    """The head of a case's chain on the other side, as it came with a move. Two digests of one place are both kept."""

    case_uid = models.UUIDField("办件")
    place = models.PositiveIntegerField("链上第几条")
    digest = models.CharField("摘要", max_length=64)
    received_at = models.DateTimeField("收到时间")

    class Meta:
        ordering = ["case_uid", "place", "id"]
        constraints = [models.UniqueConstraint(fields=["case_uid", "place", "digest"], name="peer_head_once")]
