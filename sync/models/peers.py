"""The other site and its public keys."""

from django.db import models
from django.utils import timezone


class Peer(models.Model):
    """The site on the other side of the gap, enrolled by fingerprint."""

    side = models.CharField("对端", max_length=16, unique=True)
    suite = models.CharField("密码套件", max_length=8)
    fingerprint = models.CharField("指纹", max_length=64)
    root = models.CharField("根公钥", max_length=256, blank=True)
    trust_version = models.PositiveBigIntegerField("信任文件版本", default=0)
    trust_digest = models.CharField("信任文件摘要", max_length=64, blank=True)
    # Highest payload version by topic, as its newest receipt said; empty before the first one.
    supports = models.JSONField("读得懂的版本", default=dict)
    enrolled_at = models.DateTimeField("登记时间", auto_now_add=True)


class PeerKey(models.Model):
    """A public key of the peer. Validity counts batches, not days: a wrong clock must not change a decision."""

    class Use(models.TextChoices):
        SIGN = "sign", "签名"
        SEAL = "seal", "加密"

    class State(models.TextChoices):
        ACTIVE = "active", "使用中"
        RETIRED = "retired", "已更换"
        REVOKED = "revoked", "已吊销"

    peer = models.ForeignKey(Peer, on_delete=models.PROTECT, related_name="keys")
    use = models.CharField("用途", max_length=8, choices=Use)
    key_id = models.CharField("编号", max_length=16, unique=True)
    suite = models.CharField("密码套件", max_length=8, default="intl")
    public = models.CharField("公钥", max_length=256)
    state = models.CharField("状态", max_length=8, choices=State, default=State.ACTIVE)
    valid_from_seq = models.PositiveBigIntegerField("自批次", default=1)
    valid_to_seq = models.PositiveBigIntegerField("至批次", null=True)
    since = models.DateTimeField("登记时间", default=timezone.now)
    ended_at = models.DateTimeField("停用时间", null=True)
    reason = models.CharField("吊销原因", max_length=200, blank=True)
