"""What happened to a case: one row per act, written with the act or the act does not happen."""

from django.db import models

from applications.models.application import Application
from applications.states import State
from identity.fields import EncryptedJSONField


class Event(models.Model):
    """``at`` is the legal moment (an outer receipt is earlier than its arrival); ``recorded_at`` is when it was written."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    version = models.PositiveIntegerField("第几次变动")
    action = models.CharField("动作", max_length=32)
    from_state = models.CharField(max_length=24, choices=State.choices)
    to_state = models.CharField(max_length=24, choices=State.choices)
    at = models.DateTimeField("时间")
    recorded_at = models.DateTimeField("记录时间", auto_now_add=True)
    actor_kind = models.CharField(max_length=10)
    actor_name = models.CharField("办理人", max_length=100)
    note = models.TextField("对申请人的说明", blank=True)
    data = EncryptedJSONField("内部记录", default=dict, blank=True)

    class Meta:
        ordering = ["application_id", "version"]
        constraints = [models.UniqueConstraint(fields=["application", "version"], name="event_once_per_version")]

    def __str__(self) -> str:
        return f"{self.application_id} #{self.version} {self.action}"
