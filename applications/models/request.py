"""What an applicant asks of a running case. The inner side performs it or refuses it; the outer side waits."""

import uuid

from django.db import models

from applications.models.application import Application
from identity.fields import EncryptedJSONField


class RequestState(models.TextChoices):
    """Whether the inner side has answered."""

    SENT = "sent", "已送出，待内网处理"
    DONE = "done", "已办理"
    REFUSED = "refused", "未获同意"


class Request(models.Model):
    """``action`` is a move of the machine (supplement, withdraw); ``at`` is the outer, legal moment."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="requests")
    action = models.CharField("请求", max_length=32)
    at = models.DateTimeField("提出时间")
    reason = models.TextField("说明", blank=True)
    changes = EncryptedJSONField("补正内容", default=dict, blank=True)  # {"answers": {...}, "materials": [...]}
    # What the answers said before these changes, by part of the form: for whoever looks at what was supplied.
    before = EncryptedJSONField("补正前的内容", default=dict, blank=True)
    standing = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.SENT)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application_id", "id"]
