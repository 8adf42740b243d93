"""The whole database in one file, as it was in one moment, and back: SQLite by its online backup, PostgreSQL by pg_dump."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from sync import durable
from sync.models import Stream
from sync.reasons import CannotProceed

SQLITE, POSTGRES = "database.sqlite3", "database.dump"
_HEAD = ("direction", "epoch", "current", "number", "seq", "rseq", "chain", "batch_hash")
Heads = list[dict[str, Any]]


class DumpFailed(CannotProceed):
    """The database could not be written, read back or restored; the text says why."""


def name() -> str:
    """Name of the file inside a backup for the database of this site."""
    return SQLITE if connection.vendor == "sqlite" else POSTGRES


def write(target: Path) -> Heads:
    """Write the database to ``target``; returns the heads of the streams that are in it."""
    return _write_sqlite(target) if connection.vendor == "sqlite" else _write_postgres(target)


def verify(source: Path) -> None:
    """Read the file back completely; DumpFailed when anything is wrong with it."""
    if source.name == SQLITE:
        _verify_sqlite(source)
    elif f"TABLE DATA public {Stream._meta.db_table}" not in _tool("pg_restore", "--list", source):
        raise DumpFailed("数据库备份里没有交换记录，不能算作备份。请检查数据库。")
    else:
        _tool("pg_restore", "--file=/dev/null", source)  # unpacks every table


def is_empty() -> bool:
    """Whether the database of this site has no tables yet."""
    return not connection.introspection.table_names()


def restore(source: Path) -> None:
    """Replace the database by the one in ``source``; an SQLite file that was there is kept beside it."""
    if source.name != name():
        raise DumpFailed(f"备份里是 {source.name}，与本站点的数据库类型不符。请检查 DATABASE_URL。")
    _restore_sqlite(source) if connection.vendor == "sqlite" else _restore_postgres(source)


def _write_sqlite(target: Path) -> Heads:
    connection.ensure_connection()
    with closing(sqlite3.Connection(target)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
    with _opened(target) as copy:
        rows = copy.execute(f"SELECT {', '.join(_HEAD)} FROM {Stream._meta.db_table} ORDER BY id").fetchall()  # noqa: S608
    return [_head(dict(zip(_HEAD, row, strict=True))) for row in rows]


def _write_postgres(target: Path) -> Heads:
    """pg_dump sees exactly what this transaction sees, so the heads are those of the dump."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        [snapshot] = cursor.fetchone()
        heads = [_head(row) for row in Stream.objects.order_by("id").values(*_HEAD)]
        _tool("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}", *_server())
    return heads


def _head(row: dict[str, Any]) -> dict[str, Any]:
    epoch = str(row["epoch"]).replace("-", "")
    return row | {"epoch": epoch, "current": bool(row["current"])}


def _verify_sqlite(source: Path) -> None:
    try:
        with _opened(source) as copy:
            [[found]] = copy.execute("PRAGMA integrity_check(1)").fetchall()
            broken = copy.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise DumpFailed(f"数据库备份读不出来：{error}。请检查磁盘后重新备份。") from error
    if found != "ok" or broken:
        raise DumpFailed(f"数据库备份没有通过完整性检查（{found}）。请检查磁盘和数据库后重新备份。")


@contextmanager
def _opened(source: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.Connection(f"{source.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
        yield copy


def _restore_sqlite(source: Path) -> None:
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    for ending in ("", "-wal", "-shm"):
        there = target.with_name(target.name + ending)
        if there.exists():
            there.replace(target.with_name(f"{target.name}.before-restore{ending}"))
    durable.copy(source, target)


def _restore_postgres(source: Path) -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
    connection.close()
    _tool("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--exit-on-error",
          *_server(), source)  # fmt: skip


def _server() -> list[str]:
    return [f"--dbname={connection.settings_dict['NAME']}"]


def _tool(program: str, *arguments: str | Path) -> str:
    """Run a program of PostgreSQL; what it printed. The password goes by the environment: others see arguments."""
    given = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    env = {variable: str(connection.settings_dict[name]) for variable, name in given.items()}
    found = shutil.which(program)
    if found is None:
        raise DumpFailed(f"找不到 {program}。请安装 PostgreSQL 客户端（版本不低于服务器）。")
    done = subprocess.run(  # noqa: S603  no shell, and the arguments are ours
        [found, *map(str, arguments)], env=os.environ | {k: v for k, v in env.items() if v},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise DumpFailed(f"{program} 没有成功：{done.stderr.strip()[-500:]}")
    return done.stdout
