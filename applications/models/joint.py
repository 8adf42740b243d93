"""A joint case (一件事): one application for a package of matters, which becomes one case of each member."""

import uuid
from functools import cached_property

from django.db import models

from applications.models.application import ApplicantKind
from identity.fields import EncryptedJSONField
from identity.models import Enterprise, User
from matters.joint.guide import MemberFacts, Package
from matters.joint.merging import narrowed
from matters.models import JointVersion


class JointCase(models.Model):
    """What the applicant filed once. Its children are ``Application`` rows, one a member; while it is a draft so are they.

    Where the package stands is never stored: it follows from the children (``applications.joint.dates``, ``standing``).
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("联办编号", max_length=50, unique=True, null=True, blank=True)
    query_code = models.CharField("查询码", max_length=6, blank=True)
    version = models.ForeignKey(JointVersion, models.PROTECT, verbose_name="一件事的版本", related_name="+")

    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name="申请账号", related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, blank=True, related_name="+")
    applicant_kind = models.CharField("申请人类型", max_length=10, choices=ApplicantKind.choices)
    applicant_name = models.CharField("申请人", max_length=200)

    # The joint form as it was filled in; stays on the outer side, the office has each member's part in its case.
    answers = EncryptedJSONField("联合申请表内容", default=dict, blank=True)
    sections_done = models.JSONField("已填写的部分", default=list, blank=True)

    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    saved_at = models.DateTimeField("最近保存", auto_now=True)
    declared_at = models.DateTimeField("承诺时间", null=True, blank=True)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)

    extended_on = models.DateField("批准延长联合办理期限日", null=True, blank=True)
    extension_reason = models.TextField("延长的理由", blank=True)
    extension_approver = models.CharField("批准延长的机关负责人", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "联办件"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="joint_case_owner"),
            models.Index(fields=["enterprise", "-id"], name="joint_case_enterprise"),
        ]

    def __str__(self) -> str:
        return self.number or f"联办草稿 {self.uid}"

    @property
    def is_draft(self) -> bool:
        return self.submitted_at is None

    @property
    def title(self) -> str:
        """The package's name in the version it is filed under."""
        return self.version.parsed.name

    @cached_property
    def codes(self) -> list[str]:
        """The members that are applied for. Kept per instance: read a fresh one after changing the members."""
        return list(self.children.order_by("pk").values_list("matter__code", flat=True))

    @cached_property
    def package(self) -> Package:
        """The merge of the chosen members."""
        return narrowed(self.version.package, self.codes)

    def facts_of(self, code: str) -> MemberFacts:
        """What the package keeps of a member; KeyError when it is none."""
        return self.version.package.member(code)
