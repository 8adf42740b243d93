from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandParser

from sync.management.command import SyncCommand
from sync.transports import paper


class Command(SyncCommand):
    help = "输入对端打印的回执（receipt_line），确认它证明已应用的批次。输错时指出是第几组。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("line", nargs="+", metavar="LINE", help="回执，空格、连字符和大小写不限")

    def run(self, **options: Any) -> int:
        found = paper.enter(" ".join(options["line"]))
        if found.frozen:
            text = "回执是真的，但它说的历史本端没有：数据库疑似恢复过备份。已停止封装，请与对端管理员核对。"
        elif found.news:
            text = f"对端已应用到第 {found.seq} 批，已确认。"
        else:
            text = "这张回执以前已经输入过，或已有更新的回执，没有改动。"
        self.show(text, asdict(found), as_json=options["json"])
        return 3 if found.frozen else 0
