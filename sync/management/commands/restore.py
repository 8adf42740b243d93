from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync import restoring
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "从 backup 做的备份恢复本站点。先停掉全部服务。恢复以后不会发出任何批次，直到运行 new_epoch。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("folder", type=Path, metavar="DIR", help="备份所在的文件夹")
        parser.add_argument("--overwrite", action="store_true", help="用备份替换现有的数据库")

    def run(self, **options: Any) -> int:
        manifest = restoring.restore(options["folder"].resolve(), overwrite=options["overwrite"])
        text = (
            f"已恢复到 {manifest['created_at']} 的备份。备份以后的内容不在数据库里，对端可能有。\n"
            "从现在起不封装任何批次。下一步：运行 manage.py new_epoch，按提示办理（docs/RESTORE.md）。"
        )
        self.show(text, {"created_at": manifest["created_at"], "heads": manifest["heads"]}, as_json=options["json"])
        return 0
