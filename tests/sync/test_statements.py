"""Statements of the hot path: the same rows and the same errors as Django's cursors, prepared where the database can."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from sync import statements

COUNT = "INSERT INTO sync_aggregate (key, version) VALUES (%s, 1)"
VERSION = "SELECT version FROM sync_aggregate WHERE key = %s"

pytestmark = pytest.mark.django_db


def test_rows_and_the_number_of_rows_come_back() -> None:
    assert statements.change(COUNT, ["application:1"]) == 1
    assert statements.ask(VERSION, ["application:1"]) == [(1,)]
    assert statements.change("UPDATE sync_aggregate SET version = 2 WHERE key = %s", ["application:2"]) == 0
    assert statements.ask("SELECT '100%%'") == [("100%",)]


def test_what_the_database_refuses_is_djangos_error() -> None:
    statements.change(COUNT, ["application:1"])
    with pytest.raises(IntegrityError), transaction.atomic():
        statements.change(COUNT, ["application:1"])
    assert statements.ask(VERSION, ["application:1"]) == [(1,)]


def test_nothing_runs_in_a_broken_transaction() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            statements.ask(VERSION, ["application:1"])


@pytest.mark.parametrize(
    "act", [statements.change, lambda sql, key: statements.change_many(sql, [key])], ids=["one", "many"]
)
def test_nothing_is_written_in_a_broken_transaction(act: Callable[[str, list[str]], object]) -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            act(COUNT, ["application:1"])


def test_whoever_watches_sees_the_statements() -> None:
    with CaptureQueriesContext(connection) as captured:
        statements.ask(VERSION, ["application:1"])
        statements.change(COUNT, ["application:1"])
    assert len(captured) == 2


def test_postgresql_prepares_them() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL plans a statement for later")
    for number in range(3):
        statements.ask(VERSION, [f"application:{number}"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans + custom_plans FROM pg_prepared_statements WHERE statement LIKE %s",
            ["SELECT version FROM sync_aggregate%"],
        )
        assert cursor.fetchall() == [(3,)]
