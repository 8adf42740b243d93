"""What officers keep for their work list: pairs of characters of names for finding, saved filters, labels, templates, habits."""

import uuid

from django.conf import settings
from django.db import models

from applications.models.application import Application
from identity.models import Department


class CaseGram(models.Model):
    """Two neighbouring characters of an applicant's name: finds 新星 in 云川新星餐饮 without reading every name."""

    gram = models.CharField(max_length=2)
    application = models.ForeignKey(Application, models.CASCADE, related_name="grams")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gram", "application"], name="case_gram_once")]

    def __str__(self) -> str:
        return self.gram


class SavedFilter(models.Model):
    """A tab with a filter and an order under a name of one's own."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    name = models.CharField("名称", max_length=30)
    query = models.JSONField("筛选")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return self.name


class DeskHabits(models.Model):
    """How one wants the list: which columns, keyboard shortcuts on or off."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="desk_habits")
    columns = models.JSONField("显示的列", default=list)
    shortcuts = models.BooleanField("键盘快捷键", default=True)

    def __str__(self) -> str:
        return f"{self.user}"


class Label(models.Model):
    """A word that a department sticks on its cases, in one of the colours of tags."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    department = models.ForeignKey(Department, models.CASCADE, related_name="case_labels")
    name = models.CharField("名称", max_length=12)
    tone = models.CharField("颜色", max_length=10, default="blue")
    cases = models.ManyToManyField(Application, related_name="labels", db_table="applications_case_label")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["department", "name"], name="label_once")]

    def __str__(self) -> str:
        return self.name


class OpinionTemplate(models.Model):
    """Words that are written often: one's own, or the whole department's. ``action`` empty: for every move."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    department = models.ForeignKey(Department, models.CASCADE, null=True, blank=True, related_name="+")
    action = models.CharField("用于", max_length=32, blank=True)
    name = models.CharField("名称", max_length=30)
    text = models.TextField("内容", max_length=2000)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name
