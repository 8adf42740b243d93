"""Joint matters (一件事): several matters applied for with one form, one set of materials and one clock."""

import uuid
from functools import cached_property

from django.db import models

from matters.joint.guide import JointContent, Package
from matters.models.catalogue import Matter


class JointMatter(models.Model):
    """A package of matters. The columns beside the code repeat the version in force, for lists."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField("编码", max_length=50, unique=True)
    name = models.CharField("名称", max_length=200)
    name_en = models.CharField("英文名称", max_length=200, blank=True)
    lead = models.ForeignKey(
        "identity.Department", models.PROTECT, related_name="joint_matters", verbose_name="牵头部门"
    )
    life_event = models.CharField("人生和企业阶段", max_length=20, blank=True)
    # ",person,enterprise,": JSON lists cannot be searched alike on both databases.
    audiences = models.CharField("面向", max_length=60, blank=True)
    limit = models.PositiveSmallIntegerField("联合办理期限（工作日）", null=True)
    # [{"code", "name", "name_en"}] in the order of handling: lists must not read whole merges.
    outline = models.JSONField("成员事项", default=list)
    title_search = models.TextField("名称检索文字", blank=True, editable=False)
    search = models.TextField("检索文字", blank=True, editable=False)
    current = models.ForeignKey(
        "JointVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行版本"
    )
    active = models.BooleanField("有效", default=False)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class JointVersion(models.Model):
    """One version of a package. Once published it never changes: the guides and the merge it rests on stand in it."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待审核"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    joint = models.ForeignKey(JointMatter, models.PROTECT, related_name="versions", verbose_name="一件事")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.DRAFT)
    content = models.JSONField("内容", default=dict)
    digest = models.CharField("内容摘要", max_length=64, blank=True)
    effective_on = models.DateField("生效日期", null=True, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by_name = models.CharField("发布人", max_length=100, blank=True)
    updated_at = models.DateTimeField("修改时间", auto_now=True)
    # How often the draft was saved: a form names the revision it was shown.
    revision = models.PositiveIntegerField("修改次数", default=0)

    class Meta:
        ordering = ["joint", "-number"]
        constraints = [models.UniqueConstraint(fields=["joint", "number"], name="joint_version_number")]

    def __str__(self) -> str:
        return f"{self.joint_id} v{self.number}"

    # Parsed once per instance: after changing ``content`` read it from a fresh instance.
    @cached_property
    def parsed(self) -> JointContent:
        """What the version says, typed."""
        return JointContent.model_validate(self.content)

    @property
    def package(self) -> Package:
        """The merge as it was published; empty in a draft, whose merge follows its members' guides."""
        return self.parsed.package or Package()


class JointMember(models.Model):
    """A matter of the version in force, and the guide version that the merge was made of."""

    joint = models.ForeignKey(JointMatter, models.CASCADE, related_name="members")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="joint_members")
    guide_uid = models.UUIDField("合并时的指南版本")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["joint", "matter"], name="joint_member_once")]

    def __str__(self) -> str:
        return f"{self.joint_id} {self.matter_id}"


class JointChange(models.Model):
    """Who did what to a package, when (备案)."""

    class Action(models.TextChoices):
        DRAFTED = "drafted", "新建草稿"
        EDITED = "edited", "修改"
        SUBMITTED = "submitted", "提交审核"
        SENT_BACK = "sent_back", "退回修改"
        PUBLISHED = "published", "发布"
        WITHDRAWN = "withdrawn", "撤回"

    version = models.ForeignKey(JointVersion, models.CASCADE, related_name="changes", verbose_name="版本")
    action = models.CharField("做了什么", max_length=10, choices=Action.choices)
    by = models.ForeignKey(
        "identity.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    by_name = models.CharField("谁", max_length=100, blank=True)
    at = models.DateTimeField("时间")
    fields = models.JSONField("改动的内容", default=list)
    note = models.TextField("说明", blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["version", "-id"])]

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_action_display()}"
