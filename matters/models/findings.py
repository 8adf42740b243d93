"""What the nightly check of the catalogue found."""

from django.db import models

from matters.models.catalogue import Matter


class CatalogueFinding(models.Model):
    """One thing to put right in a published guide, from the night it was first seen until it was gone."""

    class Kind(models.TextChoices):
        CONTENT = "content", "内容不合要求"
        BASIS = "basis", "依据可能失效"
        FORM = "form", "表格或样表"
        LINK = "link", "网址打不开"
        DUE = "due", "核对到期"

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="findings", verbose_name="事项")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    # Digest of kind and sentence: the same thing found again is the same row.
    key = models.CharField(max_length=64, editable=False)
    sentence = models.TextField("发现了什么")
    first_seen = models.DateTimeField("首次发现")
    last_seen = models.DateTimeField("最近发现")
    resolved_at = models.DateTimeField("解决时间", null=True, blank=True)

    class Meta:
        ordering = ["matter", "kind", "pk"]
        constraints = [models.UniqueConstraint(fields=["matter", "key"], name="catalogue_finding_once")]
        indexes = [models.Index(fields=["matter"], condition=models.Q(resolved_at=None), name="catalogue_finding_open")]

    def __str__(self) -> str:
        return self.sentence
