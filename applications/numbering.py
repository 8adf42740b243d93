"""Application numbers: region 6 + day 8 + sequence 6 + check digit (ISO 7064 MOD 11,10), law.md §3.1."""

from datetime import date

from django.db import transaction
from stdnum.iso7064 import mod_11_10

from applications.models import NumberCounter


def next_number(region: str, day: date) -> str:
    """The next number of that day, 21 digits. Inside a transaction: the counter's row stays locked until its end."""
    with transaction.atomic():
        NumberCounter.objects.get_or_create(day=day)
        counter = NumberCounter.objects.select_for_update().get(day=day)
        counter.last += 1
        counter.save(update_fields=["last"])
    body = f"{region:0<6}{day:%Y%m%d}{counter.last:06d}"
    return body + mod_11_10.calc_check_digit(body)


def is_number(text: str) -> bool:
    """Whether the text has the shape and the check digit of an application number."""
    return len(text) == 21 and text.isdigit() and mod_11_10.is_valid(text)
