"""Messages between the applicant and the office about one case: one thread, the same rows on both sides."""

import uuid

from django.db import models

from applications.models.application import Application
from identity.fields import EncryptedTextField


class Message(models.Model):
    """One message. ``read_at`` is when the addressee's side first opened it; it stays on that side."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="messages")
    from_office = models.BooleanField("部门发出")
    # Inside the officer's name; outside an officer appears under the department's.
    author = models.CharField("发出人", max_length=200)
    text = EncryptedTextField("内容")
    sent_at = models.DateTimeField("发出时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    class Meta:
        ordering = ["application_id", "sent_at", "id"]
        indexes = [
            models.Index(
                fields=["application", "from_office"], condition=models.Q(read_at=None), name="message_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.sent_at:%Y-%m-%d %H:%M}"


class MessageFile(models.Model):
    """A file that came with a message; its bytes are in the blob store."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="files")
    file_name = models.CharField("文件名", max_length=255)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["message_id", "id"]

    def __str__(self) -> str:
        return self.file_name
