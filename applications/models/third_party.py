"""Third parties with a major interest (利害关系人, 行政许可法 36, 47): told and heard before a decision. Inner side only."""

import uuid

from django.db import models

from applications.models.application import Application
from identity.fields import EncryptedTextField


class HeardHow(models.TextChoices):
    """How a third party was heard."""

    SPOKEN = "spoken", "当面陈述"
    WRITTEN = "written", "书面陈述"
    SILENT = "silent", "期满没有陈述"


class ThirdParty(models.Model):
    """Who is concerned and why. The contact is encrypted; nothing of this row leaves the inner network."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.CASCADE, related_name="third_parties")
    name = models.CharField("利害关系人", max_length=100)
    contact = EncryptedTextField("联系方式", default="")
    interest = models.TextField("有什么利害关系")
    told_on = models.DateField("告知日")
    told_how = models.CharField("告知方式", max_length=20)
    answer_due = models.DateField("陈述的最后一日")
    heard_on = models.DateField("听取意见日", null=True, blank=True)
    heard_how = models.CharField("怎样听取", max_length=10, choices=HeardHow.choices, blank=True)
    statement = models.TextField("陈述的意见", blank=True)

    class Meta:
        ordering = ["application_id", "id"]

    def __str__(self) -> str:
        return self.name
