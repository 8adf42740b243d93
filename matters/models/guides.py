"""The versions of a matter's guide: drafts that change, published ones that never do."""

import uuid
from functools import cached_property

from django.db import models
from django.utils import timezone

from matters.formdef import FormDefinition
from matters.guide import Guide, GuideContent, Header
from matters.models.catalogue import Matter
from matters.scenario import Scenario

# Published contents of this process by (uid, digest): they never change, and to parse one costs more than a query.
_PARSED: dict[tuple[uuid.UUID, str], GuideContent] = {}
MOST_PARSED = 500


def _parsed_once(version: "GuideVersion") -> GuideContent:
    known = _PARSED.get((version.uid, version.digest))
    if known is None:
        if len(_PARSED) >= MOST_PARSED:
            _PARSED.clear()
        known = _PARSED[version.uid, version.digest] = GuideContent.model_validate(version.content)
    return known


class GuideVersion(models.Model):
    """One version of a matter's guide: header, the twenty fields, the form and the scenario. Once published it never changes.

    A draft is written, reviewed, released by somebody else on a date; from that date it is in force until a newer version
    supersedes it or it is withdrawn. Only the states of the office's work are stored; ``standing`` says the rest.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待审核"
        APPROVED = "approved", "待发布"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    class Standing(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待审核"
        APPROVED = "approved", "待发布"
        SCHEDULED = "scheduled", "待生效"
        IN_FORCE = "in_force", "现行有效"
        SUPERSEDED = "superseded", "已被替代"
        WITHDRAWN = "withdrawn", "已撤回"

    # A matter has one of these at most.
    UNPUBLISHED = (State.DRAFT, State.REVIEW, State.APPROVED)

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="versions", verbose_name="事项")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.DRAFT)
    content = models.JSONField("内容", default=dict)
    digest = models.CharField("内容摘要", max_length=64, blank=True)
    effective_on = models.DateField("生效日期", null=True, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by_name = models.CharField("发布人", max_length=100, blank=True)
    # Before effective_on: it was withdrawn while it waited and never was in force.
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    updated_at = models.DateTimeField("修改时间", auto_now=True)
    # How often the draft was saved: a form names the revision it was shown, so that two editors cannot overwrite each other.
    revision = models.PositiveIntegerField("修改次数", default=0)

    class Meta:
        ordering = ["matter", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="guide_version_number"),
            models.UniqueConstraint(
                fields=["matter"],
                condition=models.Q(state__in=["draft", "review", "approved"]),
                name="guide_version_one_unpublished",
            ),
        ]
        indexes = [models.Index(fields=["state", "matter"], name="guide_version_state")]

    def __str__(self) -> str:
        return f"{self.matter_id} v{self.number}"

    # Parsed once per instance: after changing ``content`` of a draft, read it from a fresh instance.
    @cached_property
    def parsed(self) -> GuideContent:
        """Header, guide and form, typed. Raises pydantic.ValidationError when a draft's content has a wrong type."""
        is_fixed = self.state in (self.State.PUBLISHED, self.State.WITHDRAWN) and bool(self.digest)
        return _parsed_once(self) if is_fixed else GuideContent.model_validate(self.content)

    @property
    def seen(self) -> str:
        """What a form was shown: state and revision, to compare with what is there when it comes back."""
        return f"{self.state}.{self.revision}"

    @property
    def standing(self) -> Standing:
        """Where the version stands: its state, or what its dates and the guide in force make of a published one."""
        if self.state != self.State.PUBLISHED:
            return self.Standing(self.state)
        current = self.matter.current
        if current is not None and current.pk == self.pk:
            return self.Standing.IN_FORCE
        if current is not None:
            return self.Standing.SCHEDULED if self.number > current.number else self.Standing.SUPERSEDED
        is_to_come = self.effective_on is not None and self.effective_on > timezone.localdate()
        return self.Standing.SCHEDULED if is_to_come else self.Standing.SUPERSEDED

    @property
    def guide(self) -> Guide:
        """The twenty fields."""
        return self.parsed.guide

    @property
    def header(self) -> Header:
        """Codes, type, audiences, themes and what else is not among the twenty fields."""
        return self.parsed.header

    @property
    def form(self) -> FormDefinition:
        """The application form as data; without sections when the matter has none."""
        return self.parsed.form

    @property
    def scenario(self) -> Scenario:
        """The questions that narrow conditions, materials and route; without questions when there are none."""
        return self.parsed.scenario


class GuideChange(models.Model):
    """Who did what to a guide, when (备案), one row for the edits of one sitting."""

    class Action(models.TextChoices):
        DRAFTED = "drafted", "新建草稿"
        EDITED = "edited", "修改"
        IMPORTED = "imported", "导入"
        SUBMITTED = "submitted", "提交审核"
        TAKEN_BACK = "taken_back", "收回"
        RETURNED = "returned", "退回修改"
        APPROVED = "approved", "审核通过"
        PUBLISHED = "published", "发布"
        WITHDRAWN = "withdrawn", "撤回"
        CONFIRMED = "confirmed", "确认仍然有效"

    # Whoever did one of these made the version what it is, and somebody else must approve and publish it.
    AUTHORING = (Action.DRAFTED, Action.EDITED, Action.IMPORTED, Action.SUBMITTED)

    version = models.ForeignKey(GuideVersion, models.CASCADE, related_name="changes", verbose_name="指南版本")
    action = models.CharField("做了什么", max_length=10, choices=Action.choices)
    by = models.ForeignKey(
        "identity.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    by_name = models.CharField("谁", max_length=100, blank=True)
    at = models.DateTimeField("时间")
    fields = models.JSONField("改动的要素", default=list)
    note = models.TextField("说明", blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["version", "-id"])]

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_action_display()}"
