"""What the database promises: a commit that returned survives a power cut (docs/decisions/0041)."""

import pytest
from django.conf import settings
from django.db import connection

FULL = 2


@pytest.mark.django_db
def test_a_commit_has_reached_the_disk() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            assert cursor.fetchone() == (FULL,)
            cursor.execute("PRAGMA journal_mode")
            assert cursor.fetchone() == ("wal",)
        else:  # the cluster of the tests is made for speed: here only that we do not ask for less than the server gives
            assert "synchronous_commit" not in str(settings.DATABASES["default"])
