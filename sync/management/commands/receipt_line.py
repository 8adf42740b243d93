from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync.management.command import SyncCommand
from sync.transports import paper, paper_page


class Command(SyncCommand):
    help = "把最新的回执打印成一行可以照着输入的文字，供单向线路的发送端用 enter_receipt 确认。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--to", type=Path, metavar="FILE", help="另存为 .svg（整页）、.png 或 .pdf（二维码）")
        parser.add_argument("--signed", action="store_true", help="打印带签名的长回执；对端验证不了短的时候用")

    def run(self, **options: Any) -> int:
        written = paper.write(signed=options["signed"])
        if options["to"]:
            paper_page.save(written, options["to"].resolve())
        text = f"已应用到第 {written.seq} 批，回执号 {written.number}：\n{written.line}"
        self.show(text, asdict(written), as_json=options["json"])
        return 0
