from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync.management.command import SyncCommand
from sync.transports.disk import limits, plan, words


class Command(SyncCommand):
    help = "封装等待发出的内容，说明哪些批次放到哪块移动盘上、多少字节、哪些放不下。不写盘。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("disks", nargs="+", type=Path, metavar="DIR", help="移动盘的挂载点")
        parser.add_argument("--all", action="store_true", help="对端尚未确认的全部批次，以前拷过的也算")

    def run(self, **options: Any) -> int:
        disks = [limits.look_at(root.resolve()) for root in options["disks"]]
        plan.seal()
        everything = options["all"]
        made = plan.make(disks, plan.items_of(plan.waiting(everything=everything), everything=everything))
        self.show("\n".join(words.of_plan(made)), words.plan_as_json(made), as_json=options["json"])
        return 2 if made.left else 0
