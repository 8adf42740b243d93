"""What is typed into the search box, counted by day, so that staff see what people look for and do not find. Outer side.

Nothing personal is kept: no time but the day, no address, no account; and a text that may be somebody's number is dropped.
"""

import re
import threading
import time
from collections import Counter
from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from matters.models import SearchedWord
from matters.search.text import words

AT_ONCE = 20
SECONDS_AT_MOST = 30.0
LONGEST = 40
# New texts of one day; the catalogue's keepers read no more, and a flood must not fill the disk.
MOST_A_DAY = 2000
KEPT_DAYS = 90
# Six digits in a row, however they are parted: identity, telephone, licence plate, case and account numbers; addresses of mail.
_NUMBER = re.compile(r"(?:\d[\s\-_.]*){6,}|@")


def kept(text: str) -> str:
    """The text as it is counted, its words lower-case with single blanks; empty when it must not be kept."""
    plain = " ".join(words(text))
    return "" if _NUMBER.search(text) or _NUMBER.search(plain) or len(plain) > LONGEST else plain


class SearchCounter:
    """Searches of one process that are not written yet; those of a process that is killed are lost, which nobody misses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[tuple[str, bool]] = Counter()
        self._since = time.monotonic()

    def count(self, text: str, *, found: bool) -> None:
        """One more search for the text."""
        plain = kept(text)
        if not plain:
            return
        with self._lock:
            self._waiting[plain, found] += 1
            is_due = self._waiting.total() >= AT_ONCE or time.monotonic() - self._since >= SECONDS_AT_MOST
        if is_due:
            self.write()

    def write(self) -> None:
        """Add what was counted to the database, now."""
        with self._lock:
            waiting, self._waiting = self._waiting, Counter()
            self._since = time.monotonic()
        if waiting:
            add(timezone.localdate(), waiting)


@transaction.atomic
def add(day: date, searches: Counter[tuple[str, bool]]) -> None:
    """Add searches, (text, whether anything was found) → times, to a day's rows."""
    totals: dict[str, list[int]] = {}
    for (text, found), times in searches.items():
        total = totals.setdefault(text, [0, 0])
        total[0] += times
        total[1] += 0 if found else times
    room = MOST_A_DAY - SearchedWord.objects.filter(day=day).count()
    for text, (times, missed) in sorted(totals.items()):
        row = SearchedWord.objects.filter(day=day, text=text)
        if row.update(searches=F("searches") + times, missed=F("missed") + missed) or room <= 0:
            continue
        SearchedWord.objects.get_or_create(day=day, text=text, defaults={"searches": times, "missed": missed})
        room -= 1


counter = SearchCounter()
