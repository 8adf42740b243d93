"""Checks made by two or more officers (行政许可法 34, 55), and the papers that officers add to a case. Inner side only."""

import uuid

from django.db import models

from applications.models.application import Application


class CheckKind(models.TextChoices):
    """On site (art. 34), or a test by the organ's own people (art. 55)."""

    ONSITE = "onsite", "现场核查"
    TESTING = "testing", "检验、检测、检疫"


class CheckResult(models.TextChoices):
    """What the officers found."""

    PASSED = "passed", "符合要求"
    TO_MEND = "to_mend", "需要整改"
    FAILED = "failed", "不符合要求"


class SiteCheck(models.Model):
    """One check: planned with its officers and its day, then recorded with findings and result."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="site_checks")
    kind = models.CharField("种类", max_length=10, choices=CheckKind.choices)
    step_order = models.PositiveSmallIntegerField("环节次序")
    step_department = models.CharField("环节部门", max_length=50)
    check_on = models.DateField("核查日期")
    officers = models.JSONField("核查人员", default=list)  # [{"username": …, "name": …}], two or more
    assigned_on = models.DateField("指派日")
    findings = models.TextField("核查情况", blank=True)
    result = models.CharField("结论", max_length=10, choices=CheckResult.choices, blank=True)
    recorded_at = models.DateTimeField("记录时间", null=True, blank=True)
    recorded_by = models.CharField("记录人", max_length=100, blank=True)

    class Meta:
        ordering = ["application_id", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.check_on}"

    @property
    def names(self) -> str:
        """The officers as people read them."""
        return "、".join(officer["name"] for officer in self.officers)


class PaperOf(models.TextChoices):
    """What a paper added by an officer belongs to."""

    HEARING = "hearing", "听证笔录"
    CHECK = "check", "核查记录和照片"
    THIRD_PARTY = "third_party", "利害关系人的陈述"


class CasePaper(models.Model):
    """A file an officer added to the case: the signed record of a hearing, photos of a check."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="case_papers")
    belongs_to = models.CharField("属于", max_length=12, choices=PaperOf.choices)
    file_name = models.CharField("文件名", max_length=255)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField("上传时间")
    added_by = models.CharField("上传人", max_length=100)

    class Meta:
        ordering = ["application_id", "id"]

    def __str__(self) -> str:
        return self.file_name
