from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from sync import peers, root_key
from sync.management import root_passphrase
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "在单独保管的介质上生成根密钥：平时锁起来，只在密钥泄露时用来作废旧密钥。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="介质上的文件夹，不能在数据目录内")
        parser.add_argument("--replace", action="store_true", help="原来的根密钥确已丢失，换一把")

    def run(self, **options: Any) -> int:
        peers.site_keys()
        passphrase = root_passphrase.ask(twice=True)
        public = root_key.make(options["to"], settings.HALL_DATA_DIR, passphrase, replace=options["replace"])
        card = peers.site_keys().card
        text = "\n".join(
            [
                f"已生成根密钥：{options['to'] / root_key.FILE}（编号 {root_key.key_id(public)}）",
                "请再复制一份到另一块介质，两块分开锁好，口令另存。不要把它放进备份，也不要留在任何联网的电脑上。",
                f"身份文件随之改变，本站点（{card.side}）新指纹：{card.fingerprint}",
                "下一步：manage.py export_key --to 文件，对端核对指纹后运行：manage.py enrol_peer 文件 --fingerprint 指纹 --replace",
            ]
        )
        data = {"root": public, "key": root_key.key_id(public), "fingerprint": card.fingerprint}
        self.show(text, data, as_json=options["json"])
        return 0
