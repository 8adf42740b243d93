from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from sync import canonical, durable, keys, own_keys, peers, revoked, root_key, trust, trust_files
from sync.management import root_passphrase
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "插上根密钥的介质，签出信任文件：本站点现在用哪些密钥，哪些已作废。带到对端用 apply_trust 使用。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--root", type=Path, required=True, metavar="FOLDER", help="介质上存放根密钥的文件夹")
        parser.add_argument("--to", type=Path, required=True, metavar="FILE")
        parser.add_argument("--number", type=int, default=0, help="版本，默认比上一次大 1")

    def run(self, **options: Any) -> int:
        own = peers.site_keys()
        own_keys.check_usable(own)
        if own.card.root is None:
            raise root_key.NoRoot("本站点没有根密钥（keys/sync_root.pub）。请先运行 make_root，由对端重新登记。")
        root = root_key.load(options["root"], own.card.suite, root_passphrase.ask(twice=False))
        if root.public() != own.card.root:
            raise root_key.NoRoot("介质上的根密钥不是本站点的那一把，对端不会承认。请核对介质。")
        statement = trust.Trust(
            format=trust.FORMAT,
            side=own.card.side,
            suite=own.card.suite,
            version=root_key.next_version(root, options["number"]),
            sign=own.card.sign,
            seal=own.card.seal,
            revoked=revoked.read(keys.folder(settings.HALL_DATA_DIR)),
            issued_at=canonical.moment(timezone.now()),
        )
        with durable.part_file(options["to"]) as handle:
            handle.write(trust_files.pack(statement, root))
        text = (
            f"已签出信任文件 {options['to']}：第 {statement.version} 版，作废 {len(statement.revoked)} 个密钥。\n"
            "请拔下根密钥的介质锁好，把文件带到对端运行：manage.py apply_trust 文件"
        )
        data = {"file": str(options["to"]), "version": statement.version, "revoked": len(statement.revoked)}
        self.show(text, data, as_json=options["json"])
        return 0
