from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync.management.command import SyncCommand
from sync.transports.disk import reading, words


class Command(SyncCommand):
    help = "从移动盘上逐个读出文件，与盘上签了名的目录核对。退出码：0 完好，3 有缺少或损坏。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("disk", type=Path, metavar="DIR", help="移动盘的挂载点")

    def run(self, **options: Any) -> int:
        found = reading.verify(options["disk"].resolve())
        lines = words.of_index(found.index) + (found.complaints or ["盘上的文件都与目录相符。"])
        data = {"whole": found.whole, "files": [path.name for path in found.files], "complaints": found.complaints}
        self.show("\n".join(lines), data, as_json=options["json"])
        return 0 if found.whole else 3
