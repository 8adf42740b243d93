"""Counters for application numbers and document numbers. A row is locked while its next value is taken."""

from django.db import models


class NumberCounter(models.Model):
    """How many application numbers of a series were given out on a day (``applications.numbering``)."""

    day = models.DateField()
    series = models.CharField("号段", max_length=10, default="online")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "series"], name="number_counter_once")]


class DocumentCounter(models.Model):
    """The last 文号 of a department's series in a year; numbers start at 1 every year (GB/T 9704)."""

    department = models.CharField(max_length=50)
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["department", "series", "year"], name="document_counter_once")]
