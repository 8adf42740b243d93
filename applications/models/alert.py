"""An alert of the electronic supervision (电子监察): which rule, about which limit of a case, who was told, what was answered."""

import uuid

from django.db import models

from applications.models.application import Application
from identity.models import Department


class Level(models.TextChoices):
    """The colours of law.md §3.6; each is shown with its word."""

    AMBER = "amber", "预警"
    YELLOW = "yellow", "黄牌"
    RED = "red", "红牌"


class Cause(models.TextChoices):
    """Why a limit was overrun; the monthly report counts them."""

    WORKLOAD = "workload", "办件集中，人手不足"
    COMPLEX = "complex", "案情复杂"
    OTHER_ORGAN = "other_organ", "等待其他部门意见"
    APPLICANT = "applicant", "等待申请人配合"
    SYSTEM = "system", "系统或者网间交换故障"
    NEGLIGENCE = "negligence", "工作疏忽"
    OTHER = "other", "其他"


class Alert(models.Model):
    """One alert, raised once; it stays on record when its cause has gone (``ended_on``)."""

    uid = models.UUIDField("监察编号", default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="alerts")
    rule = models.CharField("规则编号", max_length=10)
    # Which limit: "law", "promise", "step:<order>:<department>" and its due date; one alert for each.
    about = models.CharField("针对", max_length=80)
    level = models.CharField("预警类型", max_length=10, choices=Level.choices)
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="责任部门", related_name="+")
    step = models.CharField("环节", max_length=100, blank=True)
    due = models.DateField("期限")
    raised_on = models.DateField("发出日")
    ended_on = models.DateField("解除日", null=True, blank=True)

    cause = models.CharField("原因", max_length=20, choices=Cause.choices, blank=True)
    explanation = models.TextField("说明", blank=True)
    explained_by = models.CharField("说明人", max_length=100, blank=True)
    explained_at = models.DateTimeField("说明时间", null=True, blank=True)
    instruction = models.TextField("督办内容", blank=True)
    instructed_by = models.CharField("督办人", max_length=100, blank=True)
    instructed_at = models.DateTimeField("督办时间", null=True, blank=True)

    class Meta:
        ordering = ["-raised_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["application", "rule", "about"], name="alert_once")]
        indexes = [
            models.Index(fields=["department", "ended_on", "level"], name="alert_open"),
            models.Index(fields=["raised_on"], name="alert_month"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.application_id}"

    @property
    def number(self) -> str:
        """监察编号 as it is written."""
        return f"JC{self.raised_on:%Y%m%d}{self.pk:06d}"
