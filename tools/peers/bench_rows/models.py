"""One record of thirteen columns, as morango wants it."""

from django.conf import settings
from django.db import models
from morango.models.core import SyncableModel

FIELDS = [f"field_{number}" for number in range(12)]


class Measured(SyncableModel):
    """The same columns as bench/sync_side.py writes."""

    morango_profile = "bench"
    morango_model_name = "measured"
    key = models.CharField(max_length=40)
    field_0 = models.TextField()
    field_1 = models.TextField()
    field_2 = models.TextField()
    field_3 = models.TextField()
    field_4 = models.TextField()
    field_5 = models.TextField()
    field_6 = models.TextField()
    field_7 = models.TextField()
    field_8 = models.TextField()
    field_9 = models.TextField()
    field_10 = models.TextField()
    field_11 = models.TextField()

    def calculate_source_id(self) -> str:
        """What the id is made from."""
        return self.key

    def calculate_partition(self) -> str:
        """All rows are in one: that of the certificate."""
        return str(settings.BENCH_PARTITION)
