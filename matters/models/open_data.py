"""The files in which the whole catalogue is given away."""

from django.db import models


class OpenDataRelease(models.Model):
    """The published catalogue at one moment, as files in the store: kind → ``{"path", "size", "sha256"}``."""

    revision = models.PositiveBigIntegerField("公开内容改动次数")
    made_at = models.DateTimeField("生成时间")
    matters = models.PositiveIntegerField("事项数")
    files = models.JSONField("文件", default=dict)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.matters}"
