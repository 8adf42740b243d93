"""Data sets of the query services: definitions on both sides, whole records on the inner side, what the public may see on the outer.

A load that arrives is a generation of its own; the set shows it when all of it is there.
"""

import uuid
from functools import cached_property

from django.db import models

from identity.fields import EncryptedJSONField, EncryptedTextField
from matters.datasets.definition import FREQUENCIES, Definition


class DataSet(models.Model):
    """One query service. The columns beside the code repeat the published definition, for lists."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField("网址标识", max_length=60, unique=True)
    department = models.ForeignKey("identity.Department", models.PROTECT, related_name="+", verbose_name="部门")
    built_in = models.BooleanField("由系统维护", default=False)
    key_hex = EncryptedTextField("检索密钥", default="")
    name = models.CharField("名称", max_length=200)
    name_en = models.CharField("英文名称", max_length=200, blank=True)
    description = models.TextField("说明", blank=True)
    description_en = models.TextField("英文说明", blank=True)
    theme = models.CharField("主题", max_length=50, blank=True)
    source = models.CharField("数据来源", max_length=200, blank=True)
    frequency = models.CharField("更新频率", max_length=10, blank=True)
    is_personal = models.BooleanField("个人数据", default=False)
    is_open = models.BooleanField("开放下载", default=False)
    search = models.TextField("检索文字", blank=True, editable=False)
    current = models.ForeignKey(
        "DataSetVersion", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="现行定义"
    )
    # Inner: the last load sent. Outer: the last one applied.
    load_number = models.PositiveIntegerField("装入次数", default=0)
    row_count = models.PositiveIntegerField("记录数", default=0)
    loaded_at = models.DateTimeField("数据更新时间", null=True, blank=True)
    generation = models.ForeignKey(
        "Generation", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="正在显示的一代数据"
    )

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> bytes:
        """The set's own key for hashes and names of records."""
        return bytes.fromhex(self.key_hex)

    @property
    def lacks_records(self) -> bool:
        """Inner: records that were sent are not here any more, since a backup was restored that did not hold them."""
        return not self.built_in and self.load_number > 0 and self.loaded_at is None

    @property
    def frequency_label(self) -> str:
        """How often the department brings it up to date, in words."""
        return str(FREQUENCIES.get(self.frequency, ""))


class DataSetVersion(models.Model):
    """One version of a set's definition: a draft that changes, or a published one that does not."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤回"

    dataset = models.ForeignKey(DataSet, models.CASCADE, related_name="versions", verbose_name="数据集")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.DRAFT)
    content = models.JSONField("定义", default=dict)
    digest = models.CharField("定义摘要", max_length=64, blank=True)
    revision = models.PositiveIntegerField("修改次数", default=0)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by_name = models.CharField("发布人", max_length=100, blank=True)

    class Meta:
        ordering = ["dataset", "-number"]
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="dataset_version_number")]

    def __str__(self) -> str:
        return f"{self.dataset_id} v{self.number}"

    # Parsed once per instance: after changing ``content``, read it from a fresh instance.
    @cached_property
    def definition(self) -> Definition:
        """The definition, typed."""
        return Definition.model_validate(self.content)


class DataSetChange(models.Model):
    """Who did what to a set, when (备案)."""

    class Action(models.TextChoices):
        DRAFTED = "drafted", "新建草稿"
        EDITED = "edited", "修改定义"
        PUBLISHED = "published", "发布"
        WITHDRAWN = "withdrawn", "撤回"
        LOADED = "loaded", "装入数据"

    dataset = models.ForeignKey(DataSet, models.CASCADE, related_name="changes")
    version = models.ForeignKey(DataSetVersion, models.CASCADE, null=True, related_name="changes")
    action = models.CharField("做了什么", max_length=10, choices=Action.choices)
    by = models.ForeignKey("identity.User", models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField("谁", max_length=100, blank=True)
    at = models.DateTimeField("时间")
    note = models.TextField("说明", blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_action_display()}"


# --- inner side
class StockRow(models.Model):
    """A whole record as the department gave it, encrypted; it never leaves the inner side."""

    dataset = models.ForeignKey(DataSet, models.CASCADE, related_name="stock")
    key_hash = models.CharField(max_length=64)
    values = EncryptedJSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["dataset", "key_hash"], name="stock_row_once")]


class DataLoad(models.Model):
    """A file that staff hand in: first tried out, then applied or dropped."""

    class Mode(models.TextChoices):
        REPLACE = "replace", "整批替换"
        UPSERT = "upsert", "按主键新增和更新"

    class State(models.TextChoices):
        CHECKING = "checking", "正在检查"
        FAULTY = "faulty", "有问题"
        READY = "ready", "可以装入"
        APPLYING = "applying", "正在装入"
        APPLIED = "applied", "已装入"
        DROPPED = "dropped", "已放弃"

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    dataset = models.ForeignKey(DataSet, models.CASCADE, related_name="loads")
    mode = models.CharField("方式", max_length=7, choices=Mode.choices, default=Mode.REPLACE)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.CHECKING)
    file_name = models.CharField("文件名", max_length=200)
    stored = models.CharField("存放处", max_length=200, blank=True)
    by = models.ForeignKey("identity.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    rows = models.PositiveIntegerField("记录数", default=0)
    added = models.PositiveIntegerField("新增", default=0)
    removed = models.PositiveIntegerField("删除", default=0)
    problem_count = models.PositiveIntegerField("问题数", default=0)
    problems = EncryptedJSONField("问题", default=list)  # they quote what is in the cells

    class Meta:
        ordering = ["-pk"]


# --- outer side
class Generation(models.Model):
    """One load as it arrives in parts. ``final`` is its last part's statement of what it must be."""

    dataset = models.ForeignKey(DataSet, models.CASCADE, related_name="generations")
    number = models.PositiveIntegerField()
    parts = models.JSONField(default=list)  # the indexes that have arrived
    final = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dataset", "number"], name="generation_number")]


class PublicRow(models.Model):
    """A record as the public may see it: masked values only."""

    generation = models.ForeignKey(Generation, models.DO_NOTHING, related_name="rows")
    part = models.PositiveIntegerField()
    ref = models.CharField(max_length=24)
    values = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    sort_1 = models.CharField(max_length=60, blank=True)
    sort_2 = models.CharField(max_length=60, blank=True)
    sort_3 = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["generation", "ref"], name="public_row_once")]
        indexes = [
            models.Index(fields=["generation", "sort_1"], name="public_row_sort_1"),
            models.Index(fields=["generation", "sort_2"], name="public_row_sort_2"),
            models.Index(fields=["generation", "sort_3"], name="public_row_sort_3"),
        ]


class PublicLookup(models.Model):
    """A text under which a record is found: equal to it, or by its beginning. ``field`` is its number in the definition."""

    generation = models.ForeignKey(Generation, models.DO_NOTHING, related_name="+", db_index=False)
    field = models.PositiveSmallIntegerField()
    # Compared byte by byte on both databases (see the migration): a beginning is a range of the index.
    text = models.CharField(max_length=100)
    row = models.ForeignKey(PublicRow, models.DO_NOTHING, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["generation", "field", "text"], name="public_lookup_text")]
