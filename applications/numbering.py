"""Application numbers: region 6 + day 8 + sequence 6 + check digit (ISO 7064 MOD 11,10), law.md §3.1.

The two networks number on their own and never ask each other, so each has a range of the sequence: online cases
(numbered outside) 000001–899999, cases filed at a window (numbered inside) 900000–999999.

A restored backup does not know the numbers given out after it. Until the peer has given those back, a site in its n-th
epoch counts on behind (n-1)/n of the day's range, so a second restoration on one day does not meet the numbers of the first.
Not covered: more than 1/n(n+1) of the range given out between two restorations of a day (150,000 online numbers between
the first two); two restorations without a new epoch, and its first file, between them, if numbers were given out in both;
a file of marks that was lost or restored too; and what a database restored with its own tools gives out before the epoch
is begun, since it does not know yet that it was restored.
"""

from datetime import date

from django.db import transaction
from stdnum.iso7064 import mod_11_10

from applications.errors import NotPossible
from applications.models import NumberCounter
from applications.models.application import Channel
from sync import returning

# Series → the first and the last sequence it may give out on one day.
RANGES = {Channel.ONLINE: (1, 899_999), Channel.COUNTER: (900_000, 999_999)}


def next_number(region: str, day: date, series: str = Channel.ONLINE) -> str:
    """The next number of that day and series, 21 digits. Inside a transaction: the counter's row stays locked until its end.

    NotPossible when the range of the day is used up: a number of the other range is never given out instead.
    """
    first, last = RANGES[Channel(series)]
    with transaction.atomic():
        NumberCounter.objects.get_or_create(day=day, series=series)
        counter = NumberCounter.objects.select_for_update().get(day=day, series=series)
        counter.last = max(counter.last, _behind_what_was_lost(last - first + 1))
        sequence = first + counter.last
        if sequence > last:
            raise NotPossible("今天的申请编号已经用完，请明天再提交，或者联系系统运维。")
        counter.last += 1
        counter.save(update_fields=["last"])
    body = f"{region:0<6}{day:%Y%m%d}{sequence:06d}"
    return body + mod_11_10.calc_check_digit(body)


def _behind_what_was_lost(size: int) -> int:
    # Half of the range for the second epoch, two thirds for the third, three quarters … Halves of what is left would run
    # out after some twenty restorations in the whole life of the site.
    epoch = returning.awaited_epoch()
    return size * (epoch - 1) // epoch if epoch is not None else 0


def is_number(text: str) -> bool:
    """Whether the text has the shape and the check digit of an application number."""
    return len(text) == 21 and text.isdigit() and mod_11_10.is_valid(text)


def taken_apart(number: str) -> tuple[date, Channel, int]:
    """The day, the series and the place in it (1, 2, 3 …); ValueError for what is no application number."""
    series = series_of(number)
    place = int(number[14:20]) - RANGES[series][0] + 1
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14])), series, place


def series_of(number: str) -> Channel:
    """Which side gave the number out; ValueError for what is no application number."""
    if not is_number(number):
        raise ValueError(f"{number} is no application number")
    return Channel.COUNTER if int(number[14:20]) >= RANGES[Channel.COUNTER][0] else Channel.ONLINE
