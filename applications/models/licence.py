"""A licence that a grant produced, what became of it, and what its holder was reminded of."""

import uuid
from datetime import date

from django.db import models

from applications.models.application import Application
from applications.models.document import Document
from identity.fields import EncryptedJSONField


class LicenceState(models.TextChoices):
    """Whether it may be relied on. Expiry is not a state: it follows from ``valid_to``."""

    VALID = "valid", "有效"
    REVOKED = "revoked", "已撤销"
    WITHDRAWN = "withdrawn", "已撤回"
    CANCELLED = "cancelled", "已注销"


class Licence(models.Model):
    """One certificate; the ``document`` is its present face with the QR code. ``version`` counts the faces."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.OneToOneField(Application, models.PROTECT, related_name="licence")
    document = models.OneToOneField(Document, models.PROTECT, related_name="licence")
    name = models.CharField("证照名称", max_length=200)
    number = models.CharField("证照编号", max_length=100, unique=True)
    holder = models.CharField("持证人", max_length=200)
    version = models.PositiveSmallIntegerField("版次", default=1)
    valid_from = models.DateField("有效期自")
    valid_to = models.DateField("有效期至", null=True, blank=True, db_index=True)
    standing = models.CharField("状态", max_length=10, choices=LicenceState.choices, default=LicenceState.VALID)
    changed_on = models.DateField("撤销或注销日", null=True, blank=True)
    ground = models.CharField("撤销、撤回或注销的情形", max_length=20, blank=True)
    reason = models.TextField("理由", blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    def is_expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.valid_to is not None and self.valid_to < today

    def days_left(self, today: date) -> int | None:
        """Natural days until its last day, negative after it; None for one without end."""
        return None if self.valid_to is None else (self.valid_to - today).days

    def standing_words(self, today: date) -> str:
        """What may be said of it on ``today``: the state, or that it has expired."""
        expired = self.standing == LicenceState.VALID and self.is_expired(today)
        return "已过有效期" if expired else LicenceState(self.standing).label


class ChangeKind(models.TextChoices):
    """What became of a licence after its grant."""

    RENEWED = "renewed", "延续"
    DEEMED_RENEWED = "deemed_renewed", "视为延续"
    CHANGED = "changed", "变更"
    REVOKED = "revoked", "撤销"
    WITHDRAWN = "withdrawn", "撤回"
    CANCELLED = "cancelled", "注销"


class LicenceChange(models.Model):
    """One line of a licence's history; rows are added and never altered. ``old`` and ``new`` map a label to its words."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    licence = models.ForeignKey(Licence, models.PROTECT, related_name="changes")
    kind = models.CharField("变动", max_length=20, choices=ChangeKind.choices)
    version = models.PositiveSmallIntegerField("变动后的版次")
    on = models.DateField("变动日")
    application = models.ForeignKey(Application, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField("情形", max_length=20, blank=True)
    reason = models.TextField("理由", blank=True)
    old = EncryptedJSONField("原来的内容", default=dict, blank=True)
    new = EncryptedJSONField("变动后的内容", default=dict, blank=True)
    by_name = models.CharField("作出人", max_length=100)

    class Meta:
        ordering = ["licence_id", "id"]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.get_kind_display()} {self.on}"


class LicenceReminder(models.Model):
    """That the holder was reminded, ``days`` natural days before ``valid_to``, to ask for renewal."""

    licence = models.ForeignKey(Licence, models.CASCADE, related_name="reminders")
    days = models.PositiveSmallIntegerField("届满前几天")
    valid_to = models.DateField("当时的有效期至")
    on = models.DateField("提醒日")

    class Meta:
        ordering = ["licence_id", "id"]
        constraints = [models.UniqueConstraint(fields=["licence", "days", "valid_to"], name="licence_reminded_once")]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.days} {self.on}"
