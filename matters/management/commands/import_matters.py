"""``manage.py import_matters FILE``: guides (.xlsx, .json) or a list of matters (.csv, .xlsx) as drafts, and what each still lacks."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from matters import importing
from matters.checks.problem import LABELS
from matters.importing import Report
from matters.workbook import applying, document, dry_run, package, reading
from matters.workbook.applying import CannotApply
from matters.workbook.dry_run import Keeper
from matters.workbook.package import Refused

NAME = "命令行导入"


class Command(BaseCommand):
    """The content of the file decides what it is. All or nothing; running it again imports only what is new or changed."""

    help = "把办事指南（下载的 .xlsx 或 .json）或事项清单（.csv、.xlsx）导入为草稿，并列出问题。只在内网运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="输出 JSON")
        parser.add_argument("--dry-run", action="store_true", help="只检查办事指南，不保存")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_OUTER:
            raise CommandError("事项由内网维护：请在内网站点（HALL_SIDE=inner）上导入，发布后会传到外网。")
        path: Path = options["file"]
        try:
            with path.open("rb") as file:
                if self._holds_guides(file):
                    self._import_guides(file, path, save=not options["dry_run"])
                    return
                lines = _lines_of_workbook(file) if package.is_package(file) else None
            rows = importing.read_rows(path) if lines is None else importing.rows_of(lines, path)
            report = importing.import_rows(rows)
        except OSError as error:
            raise CommandError(f"读不到文件 {path}：{error.strerror}。") from error
        except (importing.CannotImport, Refused, CannotApply) as error:
            raise CommandError(f"{error}{_moved(error)}") from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=1))
        else:
            self._write(report)

    def _holds_guides(self, file: IO[bytes]) -> bool:
        if document.is_document(file):
            return True
        if not package.is_package(file):
            return False
        with reading.opened(file) as book:
            return reading.is_ours(book)

    def _import_guides(self, file: IO[bytes], path: Path, *, save: bool) -> None:
        keeper = Keeper.everybody(NAME)
        batch = dry_run.run(file, path.name, keeper)
        for problem in batch.problems.iterator():
            self.stdout.write(f"{'必须改正' if problem.blocks else '发布前要补'} {problem.place}：{problem.message}")
        self.stdout.write(
            f"新增 {batch.created} 个事项，修改 {batch.changed} 个，不变 {batch.unchanged} 个；"
            f"必须改正 {batch.errors} 处，发布前要补 {batch.lacks} 处。"
        )
        if batch.errors:
            raise CommandError("什么也没有保存：请先改正上面“必须改正”的问题。")
        if save and batch.can_be_applied:
            applying.apply(batch, keeper, digest=batch.digest)
            self.stdout.write("已全部保存为草稿。")

    def _write(self, report: Report) -> None:
        for lack in report.matters:
            words = "、".join(LABELS[name] for name in lack.fields)
            self.stdout.write(
                f"{lack.code} {lack.department} {lack.name}："
                + (f"还缺 {len(lack.fields)} 项：{words}" if words else "可以发布")
            )
        self.stdout.write("\n发布前还缺的要素（事项数）：")
        for name, count in report.lacking.items():
            self.stdout.write(f"  {LABELS[name]}（{name}）：{count}")
        self.stdout.write(
            f"\n文件共 {report.rows} 个事项、{report.departments} 个部门；"
            f"新建草稿 {report.created} 个，已有 {report.existing} 个，新建部门 {report.departments_created} 个。"
        )


def _moved(error: Exception) -> str:
    return "、".join(error.moved) if isinstance(error, CannotApply) else ""


def _lines_of_workbook(file: IO[bytes]) -> list[list[str]]:
    """The first sheet of a workbook as lines of text; formulas are refused."""
    with reading.opened(file) as book:
        lines = []
        for number, row in reading.plain_rows(book, book.sheetnames[0]):
            if any(cell.data_type == "f" for cell in row):
                raise Refused(f"第 {number} 行里有公式，请只保留值。")
            lines.append(["" if cell.value is None else str(cell.value) for cell in row])
    return lines
