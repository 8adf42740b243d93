"""A licence that a grant produced; what the public check page answers from."""

import uuid

from django.db import models

from applications.models.application import Application
from applications.models.document import Document


class LicenceState(models.TextChoices):
    """Whether it may be relied on. Expiry is not a state: it follows from ``valid_to``."""

    VALID = "valid", "有效"
    REVOKED = "revoked", "已撤销"
    CANCELLED = "cancelled", "已注销"


class Licence(models.Model):
    """One certificate; the ``document`` is its face with the QR code."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.OneToOneField(Application, models.PROTECT, related_name="licence")
    document = models.OneToOneField(Document, models.PROTECT, related_name="licence")
    name = models.CharField("证照名称", max_length=200)
    number = models.CharField("证照编号", max_length=100, unique=True)
    holder = models.CharField("持证人", max_length=200)
    valid_from = models.DateField("有效期自")
    valid_to = models.DateField("有效期至", null=True, blank=True)
    standing = models.CharField("状态", max_length=10, choices=LicenceState.choices, default=LicenceState.VALID)
    changed_on = models.DateField("撤销或注销日", null=True, blank=True)
    reason = models.TextField("理由", blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
