"""Appointments at a department's counter. The outer side writes who comes when; the inner side whether they came."""

import uuid

from django.db import models

from applications.models.application import Application
from identity.fields import EncryptedTextField
from identity.models import Department, User
from matters.models import Matter


class CounterPlan(models.Model):
    """How a department's counter takes appointments. Decided inside, copied outside; without a row the usual values hold."""

    department = models.OneToOneField(Department, models.CASCADE, related_name="counter_plan")
    is_open = models.BooleanField("接受预约", default=True)
    minutes = models.PositiveSmallIntegerField("每段多少分钟", default=30)
    capacity = models.PositiveSmallIntegerField("每段多少个号", default=2)
    days_ahead = models.PositiveSmallIntegerField("可以预约几天之内的", default=14)

    def __str__(self) -> str:
        return f"{self.department}：{self.minutes} 分钟 {self.capacity} 个"


class BookingState(models.TextChoices):
    """What the applicant did; whether the person came is ``Booking.attended``."""

    BOOKED = "booked", "已预约"
    CANCELLED = "cancelled", "已取消"


class Attended(models.TextChoices):
    """What the counter noted."""

    CAME = "came", "已到"
    NO_SHOW = "no_show", "未到"


class Booking(models.Model):
    """One place of one slot. ``place`` counts 1 … capacity, so that the database itself refuses a second booking of it.

    ``owner`` is known on the outer side only, where places are given; the inner copy has no account and no constraint.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    department = models.ForeignKey(Department, models.PROTECT, related_name="bookings")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.SET_NULL, null=True, blank=True, related_name="bookings")
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("姓名", max_length=100)
    phone = EncryptedTextField("电话", blank=True, default="")
    day = models.DateField("日期")
    starts = models.TimeField("开始")
    minutes = models.PositiveSmallIntegerField("分钟")
    place = models.PositiveSmallIntegerField("第几个号")
    standing = models.CharField("状态", max_length=10, choices=BookingState.choices, default=BookingState.BOOKED)
    attended = models.CharField("到没到", max_length=10, choices=Attended.choices, blank=True, default="")
    changes = models.PositiveSmallIntegerField("第几次变动", default=0)
    made_at = models.DateTimeField("预约时间")
    changed_at = models.DateTimeField("变动时间")
    attended_at = models.DateTimeField("登记时间", null=True, blank=True)
    reminded_on = models.DateField("提醒日", null=True, blank=True)

    class Meta:
        ordering = ["day", "starts", "place", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "day", "starts", "place"],
                condition=models.Q(standing=BookingState.BOOKED, owner__isnull=False),
                name="booking_one_place",
            ),
            models.UniqueConstraint(
                fields=["owner", "day", "starts"],
                condition=models.Q(standing=BookingState.BOOKED),
                name="booking_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["department", "day"], name="booking_day")]

    def __str__(self) -> str:
        return f"{self.department_id} {self.day} {self.starts} #{self.place}"

    @property
    def standing_words(self) -> str:
        """What may be said of it now."""
        if self.standing == BookingState.BOOKED and self.attended:
            return str(Attended(self.attended).label)
        return str(BookingState(self.standing).label)
