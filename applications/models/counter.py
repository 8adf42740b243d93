"""What a window clerk saw and took in from somebody who came in person (一窗受理)."""

from django.db import models

from applications.models.application import Application
from identity.fields import EncryptedTextField
from identity.models import User
from matters import codes


class ShownDocument(models.TextChoices):
    """Which paper proved who somebody is. Every one of them carries the 18-digit number."""

    ID_CARD = "id_card", "居民身份证"
    TEMPORARY_ID = "temporary_id", "临时居民身份证"
    HOUSEHOLD = "household", "户口簿"
    RESIDENCE = "residence", "港澳台居民居住证"
    ELECTRONIC_ID = "electronic_id", "电子身份证件"
    LICENCE = "licence", "营业执照"
    ELECTRONIC_LICENCE = "electronic_licence", "电子营业执照"
    INSTITUTION = "institution", "事业单位法人证书"
    SOCIETY = "society", "社会组织登记证书"


class Capacity(models.TextChoices):
    """As what the person at the window came."""

    SELF = "self", "本人"
    HEAD = "head", "法定代表人（负责人）"
    AGENT = "agent", "委托代理人"


class CounterFiling(models.Model):
    """Who came, as what, and what was shown. Stays on the inner side: the outer side needs the applicant only."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="counter")
    window = models.CharField("窗口", max_length=40)
    clerk = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    clerk_name = models.CharField("收件人", max_length=100)
    document = models.CharField("申请人出示的证件", max_length=20, choices=ShownDocument.choices)
    capacity = models.CharField("来人身份", max_length=10, choices=Capacity.choices)
    presenter_name = models.CharField("来人姓名", max_length=100)
    presenter_id = EncryptedTextField("来人身份证号")
    presenter_document = models.CharField("来人出示的证件", max_length=20, choices=ShownDocument.choices)
    has_authority = models.BooleanField("已收授权委托书", default=False)
    checked_at = models.DateTimeField("核验时间")


class PresentedMaterial(models.Model):
    """One material as it lay on the counter: how many sheets of paper, and how far it may be trusted.

    ``round`` as of ``Material``. A scanned file of it is a ``Material`` of the same key and round; numbers may be 0 then.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="presented")
    key = models.CharField("材料", max_length=64)
    round = models.PositiveSmallIntegerField("第几次提交", default=0)
    originals = models.PositiveSmallIntegerField("原件份数", default=0)
    copies = models.PositiveSmallIntegerField("复印件份数", default=0)
    trust = models.CharField("可信等级", max_length=1)  # codes.TRUST_LEVELS, 国办函〔2016〕108号
    noted_by = models.CharField("登记人", max_length=100)
    noted_at = models.DateTimeField("登记时间")

    class Meta:
        ordering = ["application_id", "round", "id"]
        constraints = [models.UniqueConstraint(fields=["application", "key", "round"], name="presented_once_per_round")]

    @property
    def is_paper(self) -> bool:
        """Whether paper was handed over, and not only a file made at the counter."""
        return bool(self.originals or self.copies)

    @property
    def trust_label(self) -> str:
        """The level and what it means."""
        return f"{self.trust} {codes.TRUST_LEVELS[self.trust]}"
