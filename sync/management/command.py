"""What all commands of sync share: failures become one Chinese sentence and exit code 1; ``--json``."""

import json
import sqlite3
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from sync import durable
from sync.reasons import CannotProceed


class SyncCommand(BaseCommand):
    """Implement ``run``; it returns the exit code."""

    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = self.run(**options)
        except CannotProceed as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(durable.explain(error)) from error
        except OperationalError as error:
            raise CommandError(database_sentence(error)) from error
        if code:
            raise SystemExit(code)

    def run(self, **options: Any) -> int:
        """Do the work; the exit code."""
        raise NotImplementedError

    def show(self, text: str, data: object, *, as_json: bool) -> None:
        """Print for people or for machines."""
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)


def database_sentence(error: OperationalError) -> str:
    """What a failing database means for the operator."""
    text = str(error)
    full = isinstance(error.__cause__, sqlite3.OperationalError) and "full" in text
    if full or "No space left" in text or "could not extend" in text:
        return "数据库所在磁盘空间不足，本次没有改动任何内容。请清理磁盘后重试。"
    if "no such table" in text or "does not exist" in text:
        return "数据库还没有建表。请先运行：manage.py migrate。"
    return f"数据库暂时不可用，本次没有改动任何内容，请稍后重试。（{text}）"
