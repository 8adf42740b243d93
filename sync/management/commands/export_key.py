from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync import durable, peers
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "导出本站点的公开身份文件，供对端登记。其中没有秘密。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--to", required=True, type=Path, metavar="FILE", help="写到哪个文件")

    def run(self, **options: Any) -> int:
        card, target = peers.site_keys().card, options["to"].resolve()
        with durable.part_file(target) as handle:
            handle.write(card.to_bytes())
        text = f"已导出到 {target}\n本站点（{card.side}）指纹：{card.fingerprint}"
        data = {"file": str(target), "side": card.side, "fingerprint": card.fingerprint}
        self.show(text, data, as_json=options["json"])
        return 0
