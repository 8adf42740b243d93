"""Notices to applicants: what is to be told, through which channel, and whether it got there. Outer side only."""

import uuid

from django.db import models

from applications.models.application import Application
from identity.fields import EncryptedTextField
from identity.models import User


class Channel(models.TextChoices):
    """By which way a notice goes."""

    ACCOUNT = "account", "账号内"
    EMAIL = "email", "电子邮件"
    SMS = "sms", "短信"


class NoticeState(models.TextChoices):
    """Where it stands; one in the account is there as soon as it is made."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "没有送到"


class Notice(models.Model):
    """One notice through one channel: the outbox and the account's list in one table. Never twice for one event."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, null=True, blank=True, related_name="notices")
    event = models.CharField("事由", max_length=32)
    # What happened, for ever the same for the same event: "move:<case>:<version>", "message:<uid>" …
    event_key = models.CharField("哪一次", max_length=120)
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    title = models.CharField("标题", max_length=200)
    body = EncryptedTextField("内容")
    address = EncryptedTextField("发往", blank=True, default="")
    path = models.CharField("相关页面", max_length=200, blank=True)
    made_at = models.DateTimeField("产生时间")
    state = models.CharField("状态", max_length=10, choices=NoticeState.choices)
    attempts = models.PositiveSmallIntegerField("发送次数", default=0)
    next_try_at = models.DateTimeField("下次发送", null=True, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    # A code such as "smtp-550": never an address or a text of the provider.
    failure = models.CharField("没有送到的原因", max_length=40, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event_key", "channel", "recipient"], name="notice_once_per_event")
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state=NoticeState.WAITING), name="notice_waiting"),
            models.Index(
                fields=["recipient"],
                condition=models.Q(channel=Channel.ACCOUNT, read_at=None),
                name="notice_unread",
            ),
            models.Index(fields=["recipient", "channel", "-id"], name="notice_list"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel} {self.state}"


class NoticePreference(models.Model):
    """What an applicant wants to be told outside of the account. Without a row: everything by SMS, nothing by e-mail."""

    user = models.OneToOneField(User, models.CASCADE, related_name="notice_preference")
    email = EncryptedTextField("电子邮箱", blank=True, default="")
    email_confirmed_at = models.DateTimeField("邮箱确认时间", null=True, blank=True)
    # "sms:progress": this channel is off for this group of events.
    off = models.JSONField("不发送", default=list, blank=True)

    def __str__(self) -> str:
        return str(self.user_id)
