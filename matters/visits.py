"""Counting visits to guides without a write at every request: counts are gathered and written together."""

import threading
import time
from collections import Counter

from django.db.models import F

from matters.models import Matter

VISITS_AT_ONCE = 50
SECONDS_AT_MOST = 30.0


class VisitCounter:
    """Visits of one process that are not written yet; those of a process that is killed are lost, which ranks nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[int] = Counter()
        self._since = time.monotonic()

    def count(self, matter_pk: int) -> None:
        """One more visit to the guide of a matter."""
        with self._lock:
            self._waiting[matter_pk] += 1
            is_due = self._waiting.total() >= VISITS_AT_ONCE or time.monotonic() - self._since >= SECONDS_AT_MOST
        if is_due:
            self.write()

    def write(self) -> None:
        """Add what was counted to the database, now."""
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
            self._since = time.monotonic()
        for pk, visits in sorted(waiting.items()):
            Matter.objects.filter(pk=pk).update(visits=F("visits") + visits)


counter = VisitCounter()
