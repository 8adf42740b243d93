"""``manage.py import_matters FILE``: a county catalogue as drafts, and what each still lacks."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from matters import importing
from matters.checks.problem import LABELS
from matters.importing import Report


class Command(BaseCommand):
    """All or nothing; running it again imports only what is new."""

    help = "把事项清单（CSV）导入为草稿，并列出每个事项发布前还缺什么。只在内网运行。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_OUTER:
            raise CommandError("事项由内网维护：请在内网站点（HALL_SIDE=inner）上导入，发布后会传到外网。")
        try:
            report = importing.import_rows(importing.read_rows(options["file"]))
        except importing.CannotImport as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False, indent=1))
        else:
            self._write(report)

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
