"""Countersigning (会签): a colleague whose opinion a step wants before it passes. Inner side only."""

from django.conf import settings
from django.db import models

from applications.models.application import Application


class Verdict(models.TextChoices):
    """What the countersigner says."""

    OPEN = "", "等待会签"
    AGREES = "agrees", "同意"
    DISAGREES = "disagrees", "不同意"
    DROPPED = "dropped", "不再需要"


class Countersign(models.Model):
    """One person asked at one step. Several at a step sign in the order in which they were asked."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="countersigns")
    step_order = models.PositiveSmallIntegerField("环节次序")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="countersigns")
    question = models.TextField("请会签的问题")
    asked_by = models.CharField("请求人", max_length=100)
    asked_at = models.DateTimeField("请求时间")
    verdict = models.CharField("结论", max_length=10, choices=Verdict.choices, blank=True, default=Verdict.OPEN)
    opinion = models.TextField("会签意见", blank=True)
    answered_at = models.DateTimeField("会签时间", null=True, blank=True)

    class Meta:
        ordering = ["application_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "signer"], condition=models.Q(verdict=""), name="countersign_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.signer} {self.get_verdict_display()}"
