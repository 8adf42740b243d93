"""One application: who asks for what, under which guide, and where it stands."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.utils import timezone

from applications import quota
from applications.machine import CaseLife
from applications.procedure_conditions import HearingFacts
from applications.states import ENDED, FinishKind, SpecialProcedure, State
from identity.fields import EncryptedJSONField, EncryptedTextField
from identity.models import Department, Enterprise, User
from matters.guide import Guide, GuideContent
from matters.models import GuideVersion, Matter
from matters.narrowing import narrow
from matters.situations import words
from sync import rows

if TYPE_CHECKING:
    from applications.actors import Actor


class ApplicantKind(models.TextChoices):
    """In whose name it is filed."""

    PERSON = "person", "个人"
    ENTERPRISE = "enterprise", "企业"


class Channel(models.TextChoices):
    """Where it was filed: by the applicant on the outer side, or with a window clerk on the inner."""

    ONLINE = "online", "网上申请"
    COUNTER = "counter", "窗口申请"


class Purpose(models.TextChoices):
    """What is asked: a licence, or something about one that was granted (行政许可法 49, 50)."""

    NEW = "new", "新办"
    RENEWAL = "renewal", "延续"
    CHANGE = "change", "变更"


# A matter has few bars; the query is compiled once, because every acceptance asks.
_BARS = rows.Prepared(lambda matter: apps.get_model("applications", "Bar").objects.filter(matter_id=matter))


class Application(CaseLife):
    """The same row on both sides, known by ``uid``; the outer side writes it until submission, the inner side after."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("申请编号", max_length=50, unique=True, null=True, blank=True)
    query_code = models.CharField("查询码", max_length=6, blank=True)
    matter = models.ForeignKey(Matter, models.PROTECT, verbose_name="事项", related_name="applications")
    version = models.PositiveIntegerField("变动次数", default=0)
    guide_version = models.ForeignKey(GuideVersion, models.PROTECT, verbose_name="办事指南版本", related_name="+")
    department = models.ForeignKey(Department, models.PROTECT, verbose_name="承办部门", related_name="+")

    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name="申请账号", related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="+")
    handler = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name="经办人", related_name="+")
    channel = models.CharField("申请渠道", max_length=10, choices=Channel.choices, default=Channel.ONLINE)
    applicant_kind = models.CharField("申请人类型", max_length=10, choices=ApplicantKind.choices)
    applicant_name = models.CharField("申请人", max_length=200)
    applicant_id = EncryptedTextField("证件号码", blank=True, default="")
    applicant_id_hash = models.CharField(max_length=64, blank=True, db_index=True)
    contact_name = models.CharField("联系人", max_length=100, blank=True)
    contact_phone = EncryptedTextField("联系电话", blank=True, default="")
    address = EncryptedTextField("地址", blank=True, default="")

    # The one application for a whole package that this case is a part of (applications.joint).
    joint_case = models.ForeignKey(
        "applications.JointCase",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name="联办件",
    )
    # Of a later stage of its package: nothing is counted until it is received, when its turn has come.
    waits_its_turn = models.BooleanField("前一步办结后收件", default=False)
    turn_at = models.DateTimeField("轮到收件的时间", null=True, blank=True)

    purpose = models.CharField("申请种类", max_length=10, choices=Purpose.choices, default=Purpose.NEW)
    about_licence = models.ForeignKey(
        "applications.Licence", models.PROTECT, null=True, blank=True, related_name="later_applications"
    )
    # What a change asks for: [{"field", "old", "new"}], fields of licence_faces.CHANGEABLE.
    change_asked = EncryptedJSONField("申请变更的内容", default=list, blank=True)

    answers = EncryptedJSONField("申请表内容", default=dict, blank=True)
    # The answers to the scenario's questions, clean for ``guide_version`` (matters.situations); empty without a scenario.
    situation = models.JSONField("申请人的情况", default=dict, blank=True)
    sections_done = models.JSONField("已填写的部分", default=list, blank=True)
    declared_at = models.DateTimeField("承诺时间", null=True, blank=True)
    # When the applicant promised to hand in later what may come later (容缺).
    deferral_agreed_at = models.DateTimeField("承诺补交时间", null=True, blank=True)

    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    saved_at = models.DateTimeField("最近保存", auto_now=True)
    submitted_at = models.DateTimeField("提交时间（收件时间）", null=True, blank=True)
    supplied_at = models.DateTimeField("补正时间", null=True, blank=True)
    accepted_on = models.DateField("受理日", null=True, blank=True)
    # The legal moment of acceptance: the order of those who want one of a limited number (art. 57).
    accepted_at = models.DateTimeField("受理时间", null=True, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    delivered_at = models.DateTimeField("送达时间", null=True, blank=True)
    ended_at = models.DateTimeField("办结时间", null=True, blank=True)
    finish_kind = models.CharField("办结结果", max_length=1, choices=FinishKind.choices, blank=True)

    # Stored only so that lists can be sorted; derived by case_clocks.refresh from the rows of Clock and Pause.
    intake_due = models.DateField("受理期限届满日", null=True, blank=True)
    delivery_due = models.DateField("送达期限届满日", null=True, blank=True)
    next_due = models.DateField("最近的期限", null=True, blank=True)
    due_provisional = models.BooleanField("期限待定", default=False)
    # The work list reads in this order: ``next_due``, or the last of days where nothing runs (desk/rows.py).
    sort_due = models.DateField("排序用的期限", default=date.max)
    # 0 not open, 1 at a step, 2 at the window: states.desk_of.
    desk = models.PositiveSmallIntegerField("在哪一类岗位", default=0)

    # The head of the chain of events (evidence.py).
    event_count = models.PositiveIntegerField("记录条数", default=0)
    event_head = models.CharField("最后一条记录的摘要", max_length=64, blank=True, default="")
    sealed_count = models.PositiveIntegerField("已封存到第几条", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "申请"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["department", "desk", "sort_due", "id"], name="application_desk"),
            models.Index(fields=["department", "desk", "submitted_at", "id"], name="application_filed"),
            models.Index(fields=["department", "-id"], name="application_all"),
            models.Index(fields=["applicant_name"], name="application_name"),
            models.Index(fields=["state", "next_due"], name="application_due"),
            models.Index(fields=["matter", "decided_at"], name="application_matter"),
            models.Index(fields=["owner", "-id"], name="application_owner"),
            models.Index(fields=["enterprise", "-id"], name="application_enterprise"),
            models.Index(fields=["renewal_due"], name="application_renewal"),
            # What seals.py closes over next: empty most of the time, however many cases there are.
            models.Index(
                fields=["id"], condition=models.Q(event_count__gt=models.F("sealed_count")), name="application_unsealed"
            ),
            # What tick lets lapse: the limit of a correction is no part of next_due.
            models.Index(
                fields=["correction_due"], condition=models.Q(state=State.CORRECTION), name="application_correction"
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"草稿 {self.uid}"

    @property
    def seen(self) -> str:
        """What a form was shown: state and version. ``perform`` compares it with what is there."""
        return f"{self.state}.{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def counted_from(self) -> datetime | None:
        """The moment from which the office's intake is counted: the submission, or the turn of a member that waited for it."""
        return self.turn_at if self.waits_its_turn else self.submitted_at

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def state_label(self) -> str:
        return State(self.state).label

    @property
    def content(self) -> GuideContent:
        """The guide version's content as far as it concerns this case: narrowed to its situation. Cheap to ask again."""
        return narrow(self.guide_version.parsed, self.situation)

    @property
    def guide(self) -> Guide:
        """The twenty fields with only the conditions, materials, charges and steps of this case."""
        return self.content.guide

    def situation_words(self) -> list[tuple[str, str]]:
        """The answers that narrow the guide, as people read them: (question, answer)."""
        return words(self.guide_version.scenario, self.situation)

    @property
    def title(self) -> str:
        """The matter's name in the guide, and what is asked of the licence where it is not a new one."""
        name = self.guide_version.guide.matter_name
        return name if self.purpose == Purpose.NEW else f"{name}（{self.get_purpose_display()}）"

    # What the machine asks (machine.CaseLife).
    def responsible_departments(self) -> frozenset[int]:
        return frozenset({self.department_id})

    def current_posts(self) -> tuple[tuple[int, str], ...]:
        return tuple(self.route_steps.filter(standing="current").values_list("department_id", "role"))

    def previous_order(self) -> int | None:
        steps = list(self.route_steps.values_list("order", "standing"))
        current = min((order for order, standing in steps if standing == "current"), default=None)
        return max((order for order, _ in steps if current is not None and order < current), default=None)

    def special_procedures_allowed(self) -> list[str]:
        """Those of the guide but the hearing, which has moves of its own and pauses by itself (hearings.py)."""
        return [one for one in self.guide_version.header.special_procedures if one != SpecialProcedure.HEARING]

    # What the moves of procedure_life.py ask.
    def hearing_facts(self) -> HearingFacts | None:
        if "_hearing_facts" not in self.__dict__:  # several conditions of one move ask
            self.__dict__["_hearing_facts"] = self._read_hearing()
        facts: HearingFacts | None = self.__dict__["_hearing_facts"]
        return facts

    def _read_hearing(self) -> HearingFacts | None:
        row = apps.get_model("applications", "Hearing").objects.filter(application=self).first()
        if row is None:
            return None
        set_for = timezone.localdate(row.set_for) if row.set_for else None
        return HearingFacts(row.told_on, row.ask_due, row.asked_on, set_for, row.held_on, row.dropped_on)

    def has_unheard_parties(self) -> bool:
        if "_unheard" not in self.__dict__:  # asked by the transition and by the refusal
            self.__dict__["_unheard"] = self.third_parties.filter(heard_on=None).exists()
        return bool(self.__dict__["_unheard"])

    def lacks_required_check(self) -> bool:
        """Whether no current step can pass for want of its check; of parallel steps each is asked again as it passes."""
        steps = list(self.route_steps.filter(standing="current").select_related("department"))
        return bool(steps) and all(self.lacks_check_of(step.order, step.department.code, step.onsite) for step in steps)

    def lacks_check_of(self, order: int, department: str, onsite: bool) -> bool:
        """Whether a step that asks for a check on site has none on record."""
        done = self.site_checks.filter(kind="onsite", step_order=order, step_department=department)
        return onsite and not done.exclude(recorded_at=None).exists()

    def has_planned_check(self) -> bool:
        return self.site_checks.filter(recorded_at=None).exists()

    def awaits_signature(self) -> bool:
        return self.countersigns.filter(verdict="").exists()

    def was_reviewed_by(self, actor: "Actor") -> bool:
        reviewed = self.route_steps.filter(kind="review", passed_user=actor.user_id)
        return actor.user_id is not None and reviewed.exists()

    def is_barred(self) -> bool:
        asked = (self.applicant_id_hash, self.acting_on)  # several transitions of one move ask
        known = self.__dict__.get("_barred")
        if known is None or known[0] != asked:
            known = self.__dict__["_barred"] = (asked, any(bar.holds(*asked) for bar in _BARS(self.matter_id)))
        return known[1]

    def window_decides(self) -> bool:
        header, route = self.guide_version.header, self.guide.route()
        return header.is_instant and [(step.kind, step.role, step.department) for step in route] == [
            ("decide", "clerk", "")
        ]

    def has_place(self) -> bool:
        return quota.has_place(Application.objects, self)

    def deferrable_keys(self) -> list[str]:
        return [one.key for one in self.guide.materials if one.is_deferrable]

    def lacks_owed(self) -> bool:
        return self.owed.filter(standing="owed").exists()

    def belongs_to(self, actor: "Actor") -> bool:
        """Whether the applicant's account filed this case itself."""
        return actor.kind == "applicant" and actor.user_id is not None and self.owner_id == actor.user_id
