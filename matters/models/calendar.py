"""The corrections that staff enter to the working-day calendar."""

from django.db import models


class CalendarYear(models.Model):
    """A year whose holiday notice (国务院办公厅放假安排) staff have entered."""

    year = models.PositiveSmallIntegerField("年份", unique=True)
    announced = models.BooleanField("放假安排已公布", default=True)

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that is worked or off against the rule: from the yearly notice, or an emergency order."""

    date = models.DateField("日期", unique=True)
    is_workday = models.BooleanField("上班")
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {'班' if self.is_workday else '休'}"
