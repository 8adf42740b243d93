"""The versions of a matter's guide: drafts that change, published ones that never do."""

import uuid
from functools import cached_property

from django.db import models

from matters.formdef import FormDefinition
from matters.guide import Guide, GuideContent, Header
from matters.models.catalogue import Matter
from matters.scenario import Scenario


class GuideVersion(models.Model):
    """One version of a matter's guide: header, the twenty fields and the form. Once published it never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="versions", verbose_name="事项")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.DRAFT)
    content = models.JSONField("内容", default=dict)
    digest = models.CharField("内容摘要", max_length=64, blank=True)
    effective_on = models.DateField("生效日期", null=True, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by_name = models.CharField("发布人", max_length=100, blank=True)
    updated_at = models.DateTimeField("修改时间", auto_now=True)
    # How often the draft was saved: a form names the revision it was shown, so that two editors cannot overwrite each other.
    revision = models.PositiveIntegerField("修改次数", default=0)

    class Meta:
        ordering = ["matter", "-number"]
        constraints = [models.UniqueConstraint(fields=["matter", "number"], name="guide_version_number")]

    def __str__(self) -> str:
        return f"{self.matter_id} v{self.number}"

    # Parsed once per instance: after changing ``content`` of a draft, read it from a fresh instance.
    @cached_property
    def parsed(self) -> GuideContent:
        """Header, guide and form, typed. Raises pydantic.ValidationError when a draft's content has a wrong type."""
        return GuideContent.model_validate(self.content)

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
        PUBLISHED = "published", "发布"
        WITHDRAWN = "withdrawn", "撤回"

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
