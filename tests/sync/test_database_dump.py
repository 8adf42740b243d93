"""A database is read back completely before its copy counts as a backup, and brought back only where it belongs."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from sync import backup, database_dump
from sync.database_dump import DumpFailed
from sync.models import Stream
from tests.sync.conftest import open_one
from tests.sync.peer import Peer


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a shell script in the place of pg_restore, and nothing else on the way to programs."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()

    def put(text: str) -> None:
        path = tmp_path / "bin" / "pg_restore"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o700)

    return put


def sqlite_file(tmp_path: Path, *statements: str) -> Path:
    path = tmp_path / database_dump.SQLITE
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in statements:
            database.execute(statement)
    return path


def test_good_file(tmp_path: Path) -> None:
    database_dump.verify(sqlite_file(tmp_path, "CREATE TABLE a (n CHECK (n > 0))", "INSERT INTO a VALUES (1)"))


def test_row_that_points_nowhere(tmp_path: Path) -> None:
    tables = "CREATE TABLE a (id INTEGER PRIMARY KEY)", "CREATE TABLE b (a REFERENCES a)"
    with pytest.raises(DumpFailed, match="没有通过完整性检查"):
        database_dump.verify(sqlite_file(tmp_path, *tables, "INSERT INTO b VALUES (7)"))


def test_row_that_breaks_a_rule_of_its_table(tmp_path: Path) -> None:
    """The foreign keys are whole."""
    forbid = "UPDATE sqlite_master SET sql = 'CREATE TABLE a (n NOT NULL)' WHERE name = 'a'"
    statements = "CREATE TABLE a (n)", "INSERT INTO a VALUES (NULL)", "PRAGMA writable_schema = 1", forbid
    with pytest.raises(DumpFailed, match="没有通过完整性检查（NULL value"):
        database_dump.verify(sqlite_file(tmp_path, *statements))


def test_no_database_at_all(tmp_path: Path) -> None:
    path = tmp_path / database_dump.SQLITE
    path.write_bytes(b"x" * 8192)
    with pytest.raises(DumpFailed, match="读不出来"):
        database_dump.verify(path)


def test_dump_without_our_tables(tmp_path: Path, program: Callable[[str], None]) -> None:
    program("echo '217; 0 16385 TABLE DATA public another owner'")
    with pytest.raises(DumpFailed, match="没有交换记录"):
        database_dump.verify(tmp_path / database_dump.POSTGRES)


def test_dump_whose_list_is_good_and_whose_tables_are_cut(tmp_path: Path, program: Callable[[str], None]) -> None:
    listed = f"echo '217; 0 16385 TABLE DATA public {Stream._meta.db_table} owner'"
    program(f'[ "$1" = --list ] && {listed} || {{ echo cut >&2; exit 1; }}')
    with pytest.raises(DumpFailed, match="pg_restore 没有成功：cut"):
        database_dump.verify(tmp_path / database_dump.POSTGRES)


def test_without_the_programs_of_postgresql(tmp_path: Path, program: Callable[[str], None]) -> None:
    with pytest.raises(DumpFailed, match="找不到 pg_restore。请安装 PostgreSQL 客户端"):
        database_dump.verify(tmp_path / database_dump.POSTGRES)


def test_not_into_a_database_of_another_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = database_dump.POSTGRES if database_dump.name() == database_dump.SQLITE else database_dump.SQLITE
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "none"))  # nothing is lost if it goes wrong
    with pytest.raises(DumpFailed, match="DATABASE_URL"):
        database_dump.restore(tmp_path / other)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL lets no row be written that points nowhere")
@pytest.mark.django_db(transaction=True)
def test_peer_hears_nothing_of_a_backup_that_does_not_pass(peer: Peer, topic: str, tmp_path: Path) -> None:
    open_one(peer.batch())
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO auth_group_permissions (group_id, permission_id) VALUES (999, 999)")
    with pytest.raises(DumpFailed, match="没有通过完整性检查"):
        backup.make(tmp_path / "backup")
    assert Stream.objects.get(direction="in").durable_seq == 0
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM auth_group_permissions")
    backup.make(tmp_path / "again")
    assert Stream.objects.get(direction="in").durable_seq == 1
