"""``manage.py export_matters FILE``: guides as a workbook (.xlsx) or a JSON document (.json), to be edited and imported again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from identity.models import Department
from matters.models import Matter
from matters.workbook import document, exporting, writing
from matters.workbook.writing import CannotWrite

WRITERS = {".xlsx": writing.write, ".json": document.write}


class Command(BaseCommand):
    """Of each matter the draft, else the guide in force."""

    help = "把办事指南导出为 .xlsx 或 .json（按文件名后缀），改好后可用 import_matters 导回。只在内网运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--department", metavar="编码", default="", help="只要这个部门的事项")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_OUTER:
            raise CommandError("事项由内网维护：请在内网站点（HALL_SIDE=inner）上导出。")
        path: Path = options["file"]
        writer = WRITERS.get(path.suffix.lower())
        if writer is None:
            raise CommandError("文件名应以 .xlsx 或 .json 结尾。")
        code = options["department"]
        if code and not Department.objects.filter(code=code).exists():
            raise CommandError(f"没有编码为“{code}”的部门。")
        try:
            with path.open("wb") as file:
                count = writer(exporting.contents(exporting.chosen(Matter.objects.all(), department=code)), file)
        except OSError as error:
            raise CommandError(f"写不了文件 {path}：{error.strerror}。") from error
        except CannotWrite as error:
            path.unlink(missing_ok=True)
            raise CommandError(str(error)) from error
        self.stdout.write(f"已导出 {count} 个事项到 {path}。")
