"""``manage.py load_departments FILE.json``: create or update departments with their offices, and publish them."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from pydantic import ValidationError

from identity.services import publish_department, save_department
from identity.sync_handlers import DepartmentRecord


class Command(BaseCommand):
    """Loads all departments of a file or none."""

    help = "读入部门和处室（JSON 列表，字段同 department.published），全部成功才写入，并发布到外网。只在内网运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        """FILE."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads, checks, writes."""
        records = [_checked(number, raw) for number, raw in enumerate(_read(options["file"]), start=1)]
        with transaction.atomic():
            for record in records:
                publish_department(save_department(**record.model_dump()))
        self.stdout.write(f"已读入并发布 {len(records)} 个部门。")


def _read(path: Path) -> list[Any]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"读不了 {path}：{error}") from error
    if not isinstance(rows, list):
        raise CommandError(f"{path} 应是部门的列表。")
    return rows


def _checked(number: int, raw: Any) -> DepartmentRecord:
    try:
        return DepartmentRecord.model_validate(raw)
    except ValidationError as error:
        places = "、".join(".".join(str(part) for part in problem["loc"]) for problem in error.errors())
        raise CommandError(f"第 {number} 个部门的这些字段不对：{places}。") from error
