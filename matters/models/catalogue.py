"""The catalogue: matters, and what lists narrow them by."""

import uuid

from django.db import models


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
    life_events = models.JSONField("人生和经营大事", default=list)
    # The farthest that it goes online (codes.DEPTHS).
    depth = models.CharField("网办深度", max_length=1, blank=True)
    promised_value = models.PositiveSmallIntegerField("承诺期限", null=True)
    promised_unit = models.CharField("期限单位", max_length=1, blank=True)
    visits_needed = models.PositiveSmallIntegerField("到现场次数", null=True)
    online = models.BooleanField("可在线申请", default=False)
    usual_days = models.PositiveSmallIntegerField("实际平均用时（工作日）", null=True)
    slow_days = models.PositiveSmallIntegerField("九成在多少工作日内办完", null=True)
    current = models.ForeignKey(
        "GuideVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行指南"
    )
    # Half-yearly validity check: when somebody last confirmed that the guide in force still holds (matters.validity).
    checked_on = models.DateField("确认有效日期", null=True, blank=True)
    checked_by_name = models.CharField("确认人", max_length=100, blank=True)
    visits = models.PositiveIntegerField("浏览次数", default=0)
    visits_told = models.PositiveIntegerField("已报内网的浏览次数", default=0, editable=False)
    active = models.BooleanField("有效", default=True)

    class Meta:
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["active", "-visits"])]

    def __str__(self) -> str:
        return self.name


class MatterTag(models.Model):
    """A matter's audience, theme or life event as a row, because JSON lists cannot be searched alike on both databases."""

    class Kind(models.TextChoices):
        AUDIENCE = "audience", "面向"
        THEME = "theme", "主题"
        LIFE = "life", "人生和经营大事"

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="tags")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value", "matter"], name="matter_tag_once")]

    def __str__(self) -> str:
        return self.value
