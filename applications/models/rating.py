"""好差评: what the applicant says of the service after the end, and what the office does about a bad mark.

国办发〔2019〕51号: one rating a case; a bad one is called back, mended, and answered within a set time.
"""

import uuid

from django.db import models

from applications.models.application import Application
from identity.fields import EncryptedTextField


class Grade(models.IntegerChoices):
    """The five grades, with the codes of GB/T 39046 annex A."""

    VERY_GOOD = 1, "非常满意"
    GOOD = 2, "满意"
    FAIR = 3, "基本满意"
    BAD = 4, "不满意"
    VERY_BAD = 5, "非常不满意"


class Rating(models.Model):
    """One rating of one case, given outside, for ever. ``aspects`` are grades of the indicators of GB/T 39735."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.OneToOneField(Application, models.PROTECT, related_name="rating")
    grade = models.PositiveSmallIntegerField("评价", choices=Grade.choices)
    aspects = models.JSONField("分项评价", default=dict, blank=True)
    text = models.TextField("说明", blank=True)
    # Only who leaves a name or a telephone number is called back; the number is kept for that alone.
    contact_name = models.CharField("称呼", max_length=50, blank=True)
    contact_phone = EncryptedTextField("联系电话", blank=True, default="")
    given_at = models.DateTimeField("评价时间")

    class Meta:
        ordering = ["-given_at", "-id"]
        indexes = [models.Index(fields=["-given_at"], name="rating_newest")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.get_grade_display()}"

    @property
    def is_bad(self) -> bool:
        """Whether it opens a case of its own (差评)."""
        return self.grade >= Grade.BAD


class Remedy(models.Model):
    """The case that a bad mark opens, with its own clock. The outer side knows its standing and its answer only."""

    class Standing(models.TextChoices):
        OPEN = "open", "待回访核实"
        HARD = "hard", "列入台账整改"
        CONTESTED = "contested", "申请复核"
        ANSWERED = "answered", "已整改答复"
        EXPLAINED = "explained", "已说明理由"
        SET_ASIDE = "set_aside", "复核不计"

    rating = models.OneToOneField(Rating, models.PROTECT, related_name="remedy")
    standing = models.CharField("状态", max_length=10, choices=Standing.choices, default=Standing.OPEN)
    opened_on = models.DateField("立案日")
    due = models.DateField("办理期限")
    called_back_on = models.DateField("回访日", null=True, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        ordering = ["due", "id"]
        indexes = [models.Index(fields=["standing", "due"], name="remedy_due")]

    def __str__(self) -> str:
        return f"{self.rating_id} {self.get_standing_display()}"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.standing in OPEN_STANDINGS


OPEN_STANDINGS = (Remedy.Standing.OPEN, Remedy.Standing.HARD, Remedy.Standing.CONTESTED)


class RemedyStep(models.Model):
    """What was done about a bad mark, in order; stays inside."""

    remedy = models.ForeignKey(Remedy, models.PROTECT, related_name="steps")
    action = models.CharField("办理", max_length=20)
    at = models.DateTimeField("时间")
    by_name = models.CharField("办理人", max_length=100)
    text = models.TextField("记录")

    class Meta:
        ordering = ["remedy_id", "id"]

    def __str__(self) -> str:
        return f"{self.remedy_id} {self.action}"
