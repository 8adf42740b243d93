"""A hearing (听证, 行政许可法 46–48): who was told of the right, who asked, when and where it is held, what its record says."""

from django.db import models

from applications.models.application import Application


class Asker(models.TextChoices):
    """Who asked for the hearing."""

    APPLICANT = "applicant", "申请人"
    THIRD_PARTY = "third_party", "利害关系人"


class Hearing(models.Model):
    """One per case. ``record`` and the names beside it stay on the inner side; the dates stand on both."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="hearing")
    told_on = models.DateField("告知听证权利日")
    ask_due = models.DateField("申请听证的最后一日")
    reason = models.TextField("告知的理由", blank=True)
    asked_on = models.DateField("申请听证日", null=True, blank=True)
    asked_by = models.CharField("谁申请", max_length=12, choices=Asker.choices, blank=True)
    asker_name = models.CharField("申请听证的人", max_length=100, blank=True)
    noticed_on = models.DateField("通知举行日", null=True, blank=True)
    set_for = models.DateTimeField("举行时间", null=True, blank=True)
    place = models.CharField("举行地点", max_length=200, blank=True)
    presider = models.CharField("主持人", max_length=100, blank=True)
    held_on = models.DateField("举行日", null=True, blank=True)
    record = models.TextField("听证笔录", blank=True)
    confirmed_by = models.CharField("笔录确认人", max_length=300, blank=True)
    dropped_on = models.DateField("终止听证日", null=True, blank=True)

    def __str__(self) -> str:
        return f"听证 {self.application_id}"

    @property
    def is_owed(self) -> bool:
        """Asked for, and neither held nor dropped."""
        return self.asked_on is not None and self.held_on is None and self.dropped_on is None
