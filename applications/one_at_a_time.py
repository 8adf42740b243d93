"""One process at a time through a narrow place, held until the transaction ends."""

import zlib

from django.db import connection


def one_at_a_time(name: str) -> None:
    """Wait until no other transaction is at the place called ``name``; inside ``transaction.atomic``.

    An advisory lock on PostgreSQL. SQLite needs none: its transactions are IMMEDIATE, so there is one writer anyway.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("the turn ends with the transaction: there must be one")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
