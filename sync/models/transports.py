"""What the courier remembers between two runs: what it has delivered where, and figures for the operator."""

from typing import ClassVar

from django.db import models

from sync.models.outgoing import SentVolume


class Delivery(models.Model):
    """A volume went out over a channel. Says nothing about its arrival. A volume made anew is another one."""

    channel = models.CharField(max_length=16)
    volume = models.ForeignKey(SentVolume, on_delete=models.CASCADE, related_name="deliveries")
    delivered_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["channel", "volume"], name="sync_delivery_of_volume_once")
        ]


class CourierState(models.Model):
    """One row for the site. Times are for people; nothing is decided by them."""

    sealed_at = models.DateTimeField("最近封装", null=True)
    sent_at = models.DateTimeField("最近送出", null=True)
    received_at = models.DateTimeField("最近收到", null=True)
    opened_at = models.DateTimeField("最近打开", null=True)
    received = models.PositiveBigIntegerField("收到次数", default=0)
    failure = models.CharField("最近故障", max_length=1000, blank=True)
    failed_at = models.DateTimeField("故障时间", null=True)
    failures = models.PositiveIntegerField("连续故障次数", default=0)
    silent_since = models.DateTimeField("失联警报", null=True)
    peer_stream = models.UUIDField("对端的发送流", null=True)
    peer_seq = models.PositiveBigIntegerField("对端已封装到", default=0)
    push_number = models.PositiveBigIntegerField("本端请求号", default=0)
    push_seen = models.PositiveBigIntegerField("对端请求号", default=0)
