"""Who there is: users, persons, enterprises and their agents on the outer side; departments and posts of the staff."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from identity.fields import EncryptedTextField


class Kind(models.TextChoices):
    """An account is an applicant's or a staff member's, never both."""

    APPLICANT = "applicant", _("申请人")
    STAFF = "staff", _("工作人员")


class Role(models.TextChoices):
    """What a post may do."""

    CLERK = "clerk", _("窗口人员")
    REVIEWER = "reviewer", _("审查人员")
    APPROVER = "approver", _("审批负责人")
    INSPECTOR = "inspector", _("效能监察")
    EDITOR = "editor", _("事项编辑")
    PUBLISHER = "publisher", _("事项发布")
    OPERATOR = "operator", _("系统运维")


class AgencyRole(models.TextChoices):
    """What a person may do for an enterprise: managers also appoint agents."""

    MANAGER = "manager", _("管理员")
    AGENT = "agent", _("经办人")


class OrgNature(models.TextChoices):
    """Nature of an organ, GB/T 39046 annex A."""

    STATUTORY = "1", _("法定机关")
    AUTHORISED = "2", _("授权组织")
    ENTRUSTED = "3", _("受委托组织")
    OTHER = "9", _("其他")


class User(AbstractUser):
    """An account. Names and numbers of the person behind it are in Person (applicants) or Post (staff)."""

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.APPLICANT)
    display_name = models.CharField(max_length=100, blank=True)

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_applicant(self) -> bool:
        """Whether this is an applicant's account."""
        return self.kind == Kind.APPLICANT

    @property
    def is_staff_member(self) -> bool:
        """Whether this is a staff account (Django's ``is_staff`` means its admin site, which the hall does not use)."""
        return self.kind == Kind.STAFF


class Person(models.Model):
    """A natural person, known by the citizen number."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="person")
    name = models.CharField(max_length=100)
    id_number = EncryptedTextField()
    id_number_hash = models.CharField(max_length=64, unique=True)
    phone = EncryptedTextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Enterprise(models.Model):
    """A legal person or other organisation, known by the unified social credit code."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    uscc = EncryptedTextField()
    uscc_hash = models.CharField(max_length=64, unique=True)
    legal_representative = models.CharField(max_length=100)
    address = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Agency(models.Model):
    """A user acts for an enterprise. Ended by ``active=False``, never deleted: old cases name their agent."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="agencies")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="agencies")
    role = models.CharField(max_length=10, choices=AgencyRole)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "user"], name="one_agency_per_enterprise_and_user")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.enterprise}"


class Department(models.Model):
    """An organ that handles matters. Decided on the inner side; the outer has a copy."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True, default="")
    uscc = models.CharField(max_length=18, blank=True, default="")
    org_nature = models.CharField(max_length=1, choices=OrgNature, default=OrgNature.STATUTORY)
    phone = models.CharField(max_length=40, blank=True, default="")
    address = models.CharField(max_length=300, blank=True, default="")
    # The service centre (政务服务管理局): its editors and publishers keep the guides of every department. Inner side only.
    coordinates = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.short_name or self.name


class Office(models.Model):
    """A division (处室) of a department."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="offices")
    name = models.CharField(max_length=100)
    phone = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["department", "name"], name="office_once_in_department")]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A staff member holds a role in a department. Rights come from posts only."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="posts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    role = models.CharField(max_length=12, choices=Role)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "department", "role"], name="post_once")]

    def __str__(self) -> str:
        return f"{self.department} · {self.get_role_display()} · {self.user}"


class Deputy(models.Model):
    """B角: who holds the posts of an absent colleague (A角) from ``begins`` to ``ends``, both included. Rows are kept."""

    principal = models.ForeignKey(User, on_delete=models.PROTECT, related_name="deputies", verbose_name="A角")
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in", verbose_name="B角")
    begins = models.DateField("开始日")
    ends = models.DateField("结束日")
    reason = models.CharField("事由", max_length=100)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="安排人")
    created_at = models.DateTimeField("安排时间", auto_now_add=True)
    ended_on = models.DateField("提前结束日", null=True, blank=True)

    class Meta:
        ordering = ["-begins", "-id"]
        indexes = [models.Index(fields=["deputy", "ends"], name="deputy_in_force")]

    def __str__(self) -> str:
        return f"{self.deputy} 代 {self.principal} {self.begins}—{self.ends}"


class PublicRevision(models.Model):
    """One row: how often something that the public can see was changed. See ``identity.revision``."""

    number = models.PositiveBigIntegerField("公开内容改动次数", default=0)

    def __str__(self) -> str:
        return str(self.number)
