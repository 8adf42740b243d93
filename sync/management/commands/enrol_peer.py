from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync import keys, peers
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "登记对端的身份文件。指纹须与对端管理员在电话中核对。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE", help="对端用 export_key 导出的文件")
        parser.add_argument("--fingerprint", default="", metavar="DIGITS", help="对端念出的 40 位数字，空格不限")
        parser.add_argument("--replace", action="store_true", help="对端确已更换密钥")

    def run(self, **options: Any) -> int:
        peers.site_keys()
        card = keys.read_card(options["file"].read_bytes())
        peer = peers.enrol(card, options["fingerprint"], replace=options["replace"])
        text = f"已登记对端 {peer.side}，指纹：{peer.fingerprint}"
        self.show(text, {"side": peer.side, "fingerprint": peer.fingerprint}, as_json=options["json"])
        return 0
