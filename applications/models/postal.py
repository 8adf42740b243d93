"""Where the applicant wants the papers sent, and that a carrier may be given the address (个人信息保护法 13, 23)."""

from django.db import models

from applications.models.application import Application
from identity.fields import EncryptedTextField


class PostalWish(models.Model):
    """Recorded with the submission; no row means that nothing is to be sent by post."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="postal_wish")
    recipient = EncryptedTextField("收件人")
    phone = EncryptedTextField("收件电话")
    address = EncryptedTextField("收件地址")
    agreed_at = models.DateTimeField("同意提供给承运单位的时间")

    def __str__(self) -> str:
        return str(self.application_id)
