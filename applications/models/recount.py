"""How far the dates of open cases have been counted anew after the calendar changed."""

from django.db import models


class Recount(models.Model):
    """One row: the calendar that was seen last, and the days whose cases still have to be counted anew, from which case on."""

    seen = models.JSONField("见过的日历", default=dict)  # "2026-03-05" or "2027" → what it was
    first = models.DateField("自", null=True)
    last = models.DateField("至", null=True)
    after = models.PositiveBigIntegerField("已算到", default=0)
    counted_on = models.DateField("特别程序已算到", null=True)

    def __str__(self) -> str:
        return f"{self.first}—{self.last}"
