"""One row for each fact."""

from django.db import models


class Entry(models.Model):
    """A fact: that happened here (``own``), or was applied."""

    key = models.CharField(max_length=100)
    number = models.IntegerField()
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()
    blobs = models.JSONField(default=list)
    own = models.BooleanField(default=False)
