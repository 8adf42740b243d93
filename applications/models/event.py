"""What happened to a case: one row per act, written with the act or the act does not happen."""

from django.db import models

from applications import acts, machine
from applications.models.application import Application
from applications.states import State
from identity.fields import EncryptedJSONField


class EventQuerySet(models.QuerySet["Event"]):
    """Parts of a case's record."""

    def moves(self) -> "EventQuerySet":
        """What the machine moved; the acts beside it left out."""
        return self.filter(is_move=True)

    def for_applicant(self) -> "EventQuerySet":
        """What the applicant's timeline tells: the moves, and the acts that concern the applicant."""
        return self.filter(models.Q(is_move=True) | models.Q(action__in=acts.SEEN_BY_APPLICANT))


class Event(models.Model):
    """One act in the hash chain of its case; only ``applications.evidence`` writes rows, nothing changes or removes them.

    ``at`` is the legal moment (an outer receipt is earlier than its arrival); ``recorded_at`` is when it was written.
    ``version`` is the case's after a move; an act beside the machine (``is_move`` false) keeps it and changes no state.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="events")
    place = models.PositiveIntegerField("链上第几条")
    version = models.PositiveIntegerField("第几次变动")
    is_move = models.BooleanField("改变办理进程", default=True)
    action = models.CharField("动作", max_length=32)
    from_state = models.CharField(max_length=24, choices=State.choices)
    to_state = models.CharField(max_length=24, choices=State.choices)
    at = models.DateTimeField("时间")
    recorded_at = models.DateTimeField("记录时间")
    actor_kind = models.CharField(max_length=10)
    actor_name = models.CharField("办理人", max_length=100)
    note = models.TextField("对申请人的说明", blank=True)
    data = EncryptedJSONField("内部记录", default=dict, blank=True)
    previous = models.CharField("前一条的摘要", max_length=64, blank=True)
    digest = models.CharField("摘要", max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["application_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["application", "place"], name="event_once_per_place"),
            models.UniqueConstraint(
                fields=["application", "version"], condition=models.Q(is_move=True), name="event_once_per_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} #{self.place} {self.action}"

    @property
    def label(self) -> str:
        """What was done, in Chinese."""
        return machine.label(self.action, self.from_state) if self.is_move else acts.label(self.action)
