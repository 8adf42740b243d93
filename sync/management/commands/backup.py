from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync import backup
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "备份本站点：数据库、上传的文件、收到的批次；写完逐个读回核对，然后告诉对端备份到了哪一批。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--to", required=True, type=Path, metavar="DIR", help="新的或空的文件夹，最好在另一块磁盘上"
        )
        parser.add_argument("--with-keys", action="store_true", help="连密钥一起备份：这份备份从此也要像密钥一样保管")

    def run(self, **options: Any) -> int:
        made = backup.make(options["to"].resolve(), with_keys=options["with_keys"])
        with_keys = (
            "包含密钥，请像密钥一样保管。"
            if options["with_keys"]
            else ("不包含密钥：没有 keys 文件夹，备份里的个人信息和批次都读不出来，请另行备份它。")
        )
        text = f"备份已完成并读回核对：{made.folder}，{made.files} 个文件，{made.bytes} 字节。\n{with_keys}"
        data = {"folder": str(made.folder), "files": made.files, "bytes": made.bytes, "heads": made.heads}
        self.show(text, data, as_json=options["json"])
        return 0
