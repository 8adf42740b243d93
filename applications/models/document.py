"""A notice, decision or certificate: its content frozen with the act, its PDF made afterwards by the worker."""

import uuid

from django.db import models

from applications.models.application import Application
from identity.fields import EncryptedJSONField


class DocumentState(models.TextChoices):
    """Whether the PDF is there."""

    PENDING = "pending", "正在生成"
    READY = "ready", "已生成"
    FAILED = "failed", "生成失败"


class Document(models.Model):
    """``content`` holds everything the PDF needs; ``content_sha256`` shows that nothing was changed later."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="documents")
    kind = models.CharField("种类", max_length=32)
    title = models.CharField("名称", max_length=200)
    number = models.CharField("文号", max_length=100, blank=True)
    content = EncryptedJSONField(default=dict)
    content_sha256 = models.CharField(max_length=64)
    check_code = models.CharField("核验码", max_length=32, unique=True)
    state = models.CharField(max_length=10, choices=DocumentState.choices, default=DocumentState.PENDING)
    blob = models.CharField("PDF 的 SHA-256", max_length=64, blank=True)
    failure = models.TextField("失败原因", blank=True)
    created_at = models.DateTimeField("制作时间")
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application_id", "id"]
        indexes = [
            models.Index(fields=["state", "-id"], name="document_to_render"),
            models.Index(fields=["number"], name="document_number"),  # the public asks by it
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}".strip()
