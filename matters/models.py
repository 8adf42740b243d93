"""The catalogue: matters, the versions of their guides, and the corrections to the working-day calendar."""

import uuid
from functools import cached_property

from django.db import models

from matters.formdef import FormDefinition
from matters.guide import Guide, GuideContent, Header


class Matter(models.Model):
    """A thing people can ask an organ for (政务服务事项). The columns beside the code repeat the guide in force, for lists."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("实施编码", max_length=50, unique=True)
    base_code = models.CharField("基本编码", max_length=12, blank=True)
    name = models.CharField("事项名称", max_length=200)
    name_en = models.CharField("英文名称", max_length=200, blank=True)
    type_code = models.CharField("事项类型", max_length=2, blank=True)
    case_kind = models.CharField("办件类型", max_length=1, blank=True)
    level = models.CharField("办理级别", max_length=1, blank=True)
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="matters", verbose_name="部门")
    office = models.ForeignKey("identity.Office", models.SET_NULL, null=True, blank=True, verbose_name="责任处室")
    audiences = models.JSONField("面向", default=list)
    themes = models.JSONField("主题", default=list)
    aliases = models.JSONField("俗称", default=list)
    promised_value = models.PositiveSmallIntegerField("承诺期限", null=True)
    promised_unit = models.CharField("期限单位", max_length=1, blank=True)
    visits_needed = models.PositiveSmallIntegerField("到现场次数", null=True)
    online = models.BooleanField("可在线申请", default=False)
    usual_days = models.PositiveSmallIntegerField("实际平均用时（工作日）", null=True)
    title_search = models.TextField("名称检索文字", blank=True, editable=False)
    search = models.TextField("检索文字", blank=True, editable=False)
    current = models.ForeignKey(
        "GuideVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行指南"
    )
    visits = models.PositiveIntegerField("浏览次数", default=0)
    active = models.BooleanField("有效", default=True)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["active", "-visits"])]

    def __str__(self) -> str:
        return self.name


class MatterTag(models.Model):
    """A matter's audience or theme as a row, because JSON lists cannot be searched alike on both databases."""

    class Kind(models.TextChoices):
        AUDIENCE = "audience", "面向"
        THEME = "theme", "主题"

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="tags")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value", "matter"], name="matter_tag_once")]

    def __str__(self) -> str:
        return self.value


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


class CalendarYear(models.Model):
    """A year whose holiday notice (国务院办公厅放假安排) staff have entered."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    announced = models.BooleanField("放假安排已公布", default=True)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that is worked or off against the rule: from the yearly notice, or an emergency order."""

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班")
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {'班' if self.is_workday else '休'}"
