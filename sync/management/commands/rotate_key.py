from typing import Any

from django.core.management.base import CommandParser

from sync import own_keys, peers
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "有计划地更换本站点的批次密钥：生成新密钥，由下一个批次宣布，再下一个批次起生效；对端自动换用。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--clean", action="store_true", help="不更换，只销毁再也用不到的旧密钥")

    def run(self, **options: Any) -> int:
        if options["clean"]:
            removed = own_keys.remove_spent()
            text = f"已销毁旧密钥：{'、'.join(removed)}" if removed else "没有可以销毁的旧密钥。"
            self.show(text, {"removed": removed}, as_json=options["json"])
            return 0
        peers.recipient_card()
        fresh = own_keys.prepare()
        text = (
            f"{'新密钥已生成' if fresh else '新密钥此前已生成，还没有宣布'}。下一次 seal_batch 会宣布它，请立即备份 keys 文件夹。\n"
            "旧密钥在两端都备份之后才可销毁：manage.py rotate_key --clean"
        )
        self.show(text, {"created": fresh}, as_json=options["json"])
        return 0
