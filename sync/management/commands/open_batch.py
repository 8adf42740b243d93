from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync import intake, reports
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = (
        "打开一个批次文件，或文件夹中的全部批次文件。"
        "退出码：0 已应用（或以前已应用），2 已收下、在等缺少的内容，3 拒收并已隔离。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("path", type=Path, metavar="FILE|DIR")

    def run(self, **options: Any) -> int:
        outcomes = intake.open_path(options["path"])
        code = max((outcome.exit_code for outcome in outcomes), default=0)
        text = "\n".join(reports.sentences(outcomes)) or "文件夹中没有批次文件。"
        self.show(text, {"exit": code, "files": [o.as_json() for o in outcomes]}, as_json=options["json"])
        return code
