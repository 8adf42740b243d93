"""That somebody may not apply again for a while (行政许可法 78, 79)."""

import uuid
from datetime import date

from django.db import models

from applications.models.application import Application
from matters.models import Matter


class BarGround(models.TextChoices):
    """Why; the period follows from it."""

    FALSE_MATERIALS = "false_materials", "隐瞒有关情况或者提供虚假材料申请行政许可（行政许可法第七十八条）"
    FRAUD = "fraud", "以欺骗、贿赂等不正当手段取得行政许可（行政许可法第七十九条）"


class BarQuerySet(models.QuerySet["Bar"]):
    """Who may not apply."""

    def in_force(self, applicant_id_hash: str, on: date) -> "BarQuerySet":
        """The bars of this applicant that hold on the day; none for an applicant without a number."""
        known = self.filter(applicant_id_hash=applicant_id_hash).exclude(applicant_id_hash="")
        # Lifted on a day, it no longer holds on that day.
        not_lifted = models.Q(lifted_on=None) | models.Q(lifted_on__gt=on)
        return known.filter(not_lifted, begins__lte=on, ends__gte=on)


class Bar(models.Model):
    """A warning, and for matters of public or personal safety a period without applications for this matter.

    ``ends`` is the last barred day; empty where art. 78 asks for the warning only. Known by ``applicant_id_hash``: each side
    hashes with its own key, so the hash never crosses.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="bars")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="bars")
    applicant_id_hash = models.CharField(max_length=64, db_index=True)
    ground = models.CharField("情形", max_length=20, choices=BarGround.choices)
    reason = models.TextField("事实和理由")
    begins = models.DateField("起始日")
    ends = models.DateField("届满日", null=True, blank=True)
    by_name = models.CharField("作出人", max_length=100)
    lifted_on = models.DateField("解除日", null=True, blank=True)
    lifted_reason = models.TextField("解除的理由", blank=True)
    lifted_by = models.CharField("解除人", max_length=100, blank=True)

    objects = BarQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "ground"], name="bar_once_per_case_and_ground"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.begins}–{self.ends}"

    def holds(self, applicant_id_hash: str, on: date) -> bool:
        """Whether it keeps this applicant from applying on this day; what ``BarQuerySet.in_force`` asks the database."""
        is_lifted = self.lifted_on is not None and self.lifted_on <= on
        runs = self.ends is not None and self.begins <= on <= self.ends
        return bool(applicant_id_hash) and self.applicant_id_hash == applicant_id_hash and runs and not is_lifted
