"""A secondary material that an accepted case still owes (容缺受理)."""

from django.db import models

from applications.models.application import Application


class OwedState(models.TextChoices):
    """Where it stands: owed, handed in and not looked at, good."""

    OWED = "owed", "待补交"
    SENT = "sent", "已补交，待核对"
    CONFIRMED = "confirmed", "已核对"


class Owed(models.Model):
    """One material of the guide, owed until ``Application.owed_due``; ``problem`` says why what came last will not do."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="owed")
    key = models.CharField("材料", max_length=64)
    label = models.CharField("名称", max_length=200)
    standing = models.CharField("状态", max_length=10, choices=OwedState.choices, default=OwedState.OWED)
    problem = models.TextField("没有通过的原因", blank=True)
    supplied_at = models.DateTimeField("补交时间", null=True, blank=True)
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)

    class Meta:
        ordering = ["application_id", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "key"], name="owed_once_per_material")]

    def __str__(self) -> str:
        return f"{self.label} {self.get_standing_display()}"
