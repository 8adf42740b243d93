from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync.management.command import SyncCommand
from sync.transports.disk import words, writing


class Command(SyncCommand):
    help = "把批次写到一块或几块移动盘上（同时写），逐个读回核对，最后写心跳。中断后再运行会接着写。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("disks", nargs="+", type=Path, metavar="DIR", help="移动盘的挂载点")
        parser.add_argument("--all", action="store_true", help="对端尚未确认的全部批次，以前拷过的也算")

    def run(self, **options: Any) -> int:
        made = writing.prepare([root.resolve() for root in options["disks"]], everything=options["all"])
        written = writing.write(made)
        problems = [result.problem for result in written if result.problem]
        lines = [*words.of_plan(made), *problems, *([] if problems else ["已全部写好并读回核对，可以卸载磁盘。"])]
        data = words.plan_as_json(made) | {"problems": problems}
        self.show("\n".join(lines), data, as_json=options["json"])
        return 3 if problems else 2 if made.left else 0
