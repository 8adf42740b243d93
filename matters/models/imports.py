"""An uploaded workbook or JSON document between its dry run and its being applied."""

import uuid

from django.db import models


class GuideImport(models.Model):
    """One upload: whose it is, which file, what the dry run found. Its items go when it is applied; the row stays as the record."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    by = models.ForeignKey(
        "identity.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="账号"
    )
    by_name = models.CharField("谁", max_length=100, blank=True)
    file_name = models.CharField("文件名", max_length=200)
    digest = models.CharField("文件摘要", max_length=64)
    at = models.DateTimeField("检查时间")
    # A dry run that was broken off half-way never becomes ready.
    ready = models.BooleanField("检查完毕", default=False)
    applied_at = models.DateTimeField("保存时间", null=True, blank=True)
    created = models.PositiveIntegerField("新增", default=0)
    changed = models.PositiveIntegerField("修改", default=0)
    unchanged = models.PositiveIntegerField("不变", default=0)
    errors = models.PositiveIntegerField("必须改正", default=0)
    lacks = models.PositiveIntegerField("发布前要补", default=0)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["by", "-id"])]

    def __str__(self) -> str:
        return self.file_name

    @property
    def can_be_applied(self) -> bool:
        """Whether there is something to save and nothing in its way."""
        return self.ready and self.applied_at is None and not self.errors and bool(self.created or self.changed)


class GuideImportItem(models.Model):
    """One matter of an upload that is new or changed: the content to save, and which version it was compared with."""

    batch = models.ForeignKey(GuideImport, models.CASCADE, related_name="items")
    code = models.CharField("实施编码", max_length=50)
    name = models.CharField("事项名称", max_length=200, blank=True)
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+", verbose_name="部门")
    is_new = models.BooleanField("新增", default=False)
    # The newest version of the matter, its revision and state at the dry run; not a foreign key, because a draft may be thrown away.
    seen = models.UUIDField("比较的版本", null=True)
    seen_revision = models.PositiveIntegerField("当时的修改次数", default=0)
    seen_state = models.CharField("当时的状态", max_length=20, blank=True)
    fields = models.JSONField("改动的要素", default=list)
    lacks = models.PositiveIntegerField("发布前要补", default=0)
    content = models.JSONField("内容", default=dict)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code


class GuideImportProblem(models.Model):
    """One thing wrong with an upload; ``place`` is a cell such as 材料!D17 or a path in a JSON document."""

    batch = models.ForeignKey(GuideImport, models.CASCADE, related_name="problems")
    blocks = models.BooleanField("必须改正")
    sheet = models.CharField("工作表", max_length=40, blank=True)
    sheet_number = models.PositiveSmallIntegerField("第几个工作表", default=0)
    row = models.PositiveIntegerField("行", default=0)
    column = models.PositiveSmallIntegerField("列", default=0)
    place = models.CharField("位置", max_length=300)
    code = models.CharField("实施编码", max_length=50, blank=True)
    value = models.CharField("现在的内容", max_length=200, blank=True)
    message = models.TextField("问题")

    class Meta:
        ordering = ["-blocks", "sheet_number", "row", "column", "pk"]
        indexes = [
            models.Index(fields=["batch", "-blocks", "sheet_number", "row", "column"], name="import_problem_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.message}"
