"""What a running case carries: its route, its clocks, the pauses and what it was asked to correct."""

from datetime import date

from django.conf import settings
from django.db import models

from applications.clocks import Limit, PauseSpan
from applications.models.application import Application
from applications.states import SpecialProcedure
from identity.fields import EncryptedJSONField
from identity.models import Department


class StepStanding(models.TextChoices):
    """Where a step of the route stands."""

    WAITING = "waiting", "未开始"
    CURRENT = "current", "办理中"
    PASSED = "passed", "已完成"


class RouteStep(models.Model):
    """One step of kind review or decide, frozen from guide field 13. Steps of one order run in parallel."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="route_steps")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=[("review", "审查"), ("decide", "决定")])
    name = models.CharField("环节", max_length=100)
    role = models.CharField("岗位", max_length=20)
    department = models.ForeignKey(Department, models.PROTECT, related_name="+")
    working_days = models.PositiveSmallIntegerField(default=0)
    standing = models.CharField(max_length=10, choices=StepStanding.choices, default=StepStanding.WAITING)
    opinion = models.TextField("意见", blank=True)
    passed_by = models.CharField("办理人", max_length=100, blank=True)
    began_on = models.DateField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    due = models.DateField("环节期限", null=True, blank=True)
    onsite = models.BooleanField("要求现场核查", default=False)
    # Who passed it, for the four eyes on the decision; the name alone may be somebody else's too. Inner side only.
    passed_user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # Sent back without walking again: the order to which the case returns when this step passes.
    # The case's sort_due, as long as the step is current: the desk reads in this order.
    case_due = models.DateField(default=date.max)
    is_foreign = models.BooleanField("由承办部门之外的部门办理", default=False)
    return_to = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["application_id", "order", "id"]
        indexes = [
            models.Index(fields=["standing", "department", "role", "case_due", "application"], name="route_desk"),
            models.Index(
                fields=["department", "application"], condition=models.Q(is_foreign=True), name="route_foreign"
            ),
            models.Index(fields=["due"], condition=models.Q(standing="current"), name="route_running"),
        ]


class ClockKind(models.TextChoices):
    """Which limit runs."""

    INTAKE = "intake", "受理期限"
    LAW = "law", "法定期限"
    PROMISE = "promise", "承诺期限"
    DELIVERY = "delivery", "送达期限"
    CORRECTION = "correction", "补正期限"
    SILENCE = "silence", "告知期限"
    HEARING_ASK = "ask", "申请听证期限"  # the applicant's, like CORRECTION
    HEARING = "hearing", "组织听证期限"
    TESTING = "testing", "指派检验检测检疫人员期限"
    FIRST_EXAMINATION = "first", "初审期限"
    OWED = "owed", "容缺补交期限"
    CHECK = "check", "承诺核查期限"


class Clock(models.Model):
    """The facts of one limit: when it started, how long it is, when it stopped."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=10, choices=ClockKind.choices)
    started_on = models.DateField("起算日（不计入）")
    value = models.PositiveSmallIntegerField("期限")
    unit = models.CharField(max_length=1, default="G")
    extension = models.PositiveSmallIntegerField("批准延长（工作日）", default=0)
    stopped_on = models.DateField("停止日", null=True, blank=True)
    due = models.DateField("届满日")
    provisional = models.BooleanField("待定", default=False)

    class Meta:
        ordering = ["application_id", "id"]

        # What a changed day of the calendar can move.
        indexes = [models.Index(fields=["due"], condition=models.Q(stopped_on=None), name="clock_running")]

    def limit(self) -> Limit:
        return Limit(self.value, self.unit)


class Pause(models.Model):
    """A special procedure of art. 45: out of the legal clock from ``began_on`` until the day it resumed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="pauses")
    procedure = models.CharField("特别程序", max_length=20, choices=SpecialProcedure.choices)
    reason = models.TextField("理由")
    began_on = models.DateField("开始日")
    expected_end = models.DateField("预计结束日")
    ended_on = models.DateField("恢复日", null=True, blank=True)
    by = models.CharField("办理人", max_length=100)
    # Opened after the legal limit was over: it cures nothing.
    too_late = models.BooleanField("期限届满后启动", default=False)

    class Meta:
        ordering = ["application_id", "id"]

        indexes = [models.Index(fields=["expected_end"], condition=models.Q(ended_on=None), name="pause_open")]

    def span(self) -> PauseSpan:
        return PauseSpan(self.began_on, self.ended_on, self.expected_end)


class Correction(models.Model):
    """One item of the one-time correction notice: which material or field, what is wrong, how to mend it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="corrections")
    target = models.CharField("材料或表格部分", max_length=100)  # "material:<key>" or "section:<key>"
    label = models.CharField("名称", max_length=200)
    problem = models.TextField("问题")
    remedy = models.TextField("怎样补正", blank=True)
    supplied = models.BooleanField("已补正", default=False)
    # How often it was listed: 1 in the notice, more where what came was not what the notice asked for.
    round = models.PositiveSmallIntegerField("第几次列出", default=1)
    # Outer side: the corrected part of the form while it is being written; it leaves with the supplement.
    typed = EncryptedJSONField("正在补正的内容", null=True, blank=True)

    class Meta:
        ordering = ["application_id", "id"]

    @property
    def kind(self) -> str:
        return self.target.partition(":")[0]

    @property
    def key(self) -> str:
        return self.target.partition(":")[2]
