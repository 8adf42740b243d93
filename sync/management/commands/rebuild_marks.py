from typing import Any

from django.core.management.base import CommandError, CommandParser

from sync import marks
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "标记文件丢失以后，按数据库重新建立。只能在数据库没有恢复过备份时使用；恢复过的，运行 new_epoch。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="已确认数据库没有恢复过备份，也没有第二套系统在发送")

    def run(self, **options: Any) -> int:
        if not options["yes"]:
            raise CommandError(
                "标记文件用来发现数据库恢复过备份。请先确认：数据库没有恢复过备份，也没有另一套系统在发送。确认后加 --yes 再运行。"
            )
        mark = marks.rebuild()
        sent = f"已发出到第 {mark.outgoing.seq} 批" if mark.outgoing else "还没有发出过"
        self.show(f"已重新建立 {marks.path()}：{sent}。", mark.model_dump(), as_json=options["json"])
        return 0
