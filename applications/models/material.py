"""A file the applicant handed in, kept by its content in the blob store."""

from django.db import models

from applications.models.application import Application


class Material(models.Model):
    """``round`` 0 came with the application, 1 with the correction; replaced files stay for the record."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="materials")
    key = models.CharField("材料", max_length=64)
    file_name = models.CharField("文件名", max_length=255)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("字节")
    sha256 = models.CharField(max_length=64, db_index=True)
    round = models.PositiveSmallIntegerField("第几次提交", default=0)
    replaced = models.BooleanField("已被补正替换", default=False)
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        ordering = ["application_id", "key", "id"]
