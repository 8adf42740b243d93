"""What the operator is told of a disk or a database that fails."""

import errno
from pathlib import Path

import pytest

from sync import durable, intake

FULL = "数据库所在磁盘空间不足"
NO_TABLES = "manage.py migrate"
LATER = "数据库暂时不可用"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database or disk is full", FULL),
        ("could not write: No space left on device", FULL),
        ('could not extend file "base/5/1"', FULL),
        ("no such table: sync_stream", NO_TABLES),
        ('relation "sync_stream" does not exist', NO_TABLES),
        ("database is locked", LATER),
    ],
)
def test_database(said: str, told: str) -> None:
    assert told in durable.explain_database(RuntimeError(said))


def test_database_in_its_own_words_when_we_have_none() -> None:
    assert durable.explain_database(RuntimeError("server closed the connection")).endswith(
        "（server closed the connection）"
    )


def test_disk() -> None:
    assert durable.explain(OSError(errno.EIO, "x", "/disk/a.zip")) == "磁盘读写出错。请更换磁盘后重试。（/disk/a.zip）"
    assert durable.explain(OSError(errno.ELOOP, "loops")) == "读写文件失败：loops"


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(intake.NoSuchFile, match="找不到"):
        intake.open_path(tmp_path / "nowhere.zip")
