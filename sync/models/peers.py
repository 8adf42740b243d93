"""The other site and its public keys."""

from django.db import models


class Peer(models.Model):
    """The site on the other side of the gap, enrolled by fingerprint."""

    side = models.CharField("对端", max_length=16, unique=True)
    suite = models.CharField("密码套件", max_length=8)
    fingerprint = models.CharField("指纹", max_length=64)
    # Highest payload version by topic, as its newest receipt said; empty before the first one.
    supports = models.JSONField("读得懂的版本", default=dict)
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
