from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from sync import verify
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "检查并解释一个批次文件，不读写数据库。退出码：0 完好，3 有问题。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, nargs="+", metavar="FILE", help="一批有多卷时一起给出")

    def run(self, **options: Any) -> int:
        known = verify.Known.of_site(settings.HALL_DATA_DIR, settings.HALL_SIDE)
        first, *more = options["file"]
        report = verify.examine(first, known, *more)
        self.show("\n".join(report.lines), report.as_json(), as_json=options["json"])
        return report.exit_code
