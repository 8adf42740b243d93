"""A database that goes back to what it was, as after a restored backup; files stay as they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def forgotten() -> Iterator[None]:
    """What happens inside is forgotten by the database at the end."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)
