"""A number that grows whenever something public changes, so that every process can tell whether what it kept still holds.

Processes share nothing but the database: whoever changes a guide, a department or anything else that anonymous pages show,
bumps the number in the same transaction; whoever keeps pages reads it again every second.
"""

from django.db import transaction
from django.db.models import F

from identity.models import PublicRevision

THE_ONE = 1


def bump() -> None:
    """Something public changes; call it inside the transaction that changes it. RuntimeError outside one: a reader
    could see the new number before the change."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("revision.bump() 必须与改动在同一个事务里。")
    if not PublicRevision.objects.filter(pk=THE_ONE).update(number=F("number") + 1):
        PublicRevision.objects.create(pk=THE_ONE, number=1)


def current() -> int:
    """The number now; 0 before anything was published."""
    return PublicRevision.objects.filter(pk=THE_ONE).values_list("number", flat=True).first() or 0
