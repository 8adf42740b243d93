from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from sync import keys, peers, replacing, suites
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "生成本站点的密钥（已有的不会改动），并显示供对端核对的指纹。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--suite", choices=suites.NAMES, default="", help="密码套件，默认取 HALL_SUITE")

        parser.add_argument("--replace", action="store_true", help="密钥泄露：立即作废全部旧密钥，换上新的")
        parser.add_argument("--reason", default="", help="与 --replace 同用：作废的原因，写给对端看")

    def run(self, **options: Any) -> int:
        if options["replace"]:
            return self._replace(options["reason"], as_json=options["json"])
        fresh = peers.make_site_keys(options["suite"])
        card = peers.site_keys().card
        folder = keys.folder(settings.HALL_DATA_DIR)
        text = "\n".join(
            [
                "已生成批次密钥。" if fresh else "批次密钥已存在，没有改动。",
                f"密钥文件夹：{folder}（请立即备份；丢失后已加密的个人信息和批次都无法解读）",
                f"站点密钥：{_site_secrets(folder)}",
                f"密码套件：{card.suite}",
                f"本站点（{card.side}）指纹：{card.fingerprint}",
                "下一步：manage.py export_key --to 文件，把文件带到对端登记，并在电话中念出指纹核对。",
            ]
        )
        data = {
            "created": fresh,
            "side": card.side,
            "suite": card.suite,
            "fingerprint": card.fingerprint,
            "folder": str(folder),
        }
        self.show(text, data, as_json=options["json"])
        return 0

    def _replace(self, reason: str, *, as_json: bool) -> int:
        remade = replacing.replace(reason)
        card = peers.site_keys().card
        tell = (
            "下一步：插上根密钥的介质，运行 manage.py sign_trust --root 介质上的文件夹 --to 文件，"
            "把文件带到对端运行 manage.py apply_trust 文件。"
            if card.root
            else "本站点没有根密钥：请用 manage.py export_key 导出身份文件，对端电话核对指纹后用 enrol_peer --replace 登记。"
        )
        text = "\n".join(
            [
                "旧密钥已全部作废，不再用来签名；旧的解密密钥留着，只用来打开路上的批次。请立即备份 keys 文件夹。",
                f"对端还没有确认的 {remade} 批，下一次 seal_batch 用新密钥重新生成，请重新送出。",
                f"本站点（{card.side}）新指纹：{card.fingerprint}",
                tell,
            ]
        )
        data = {"side": card.side, "fingerprint": card.fingerprint, "remade": remade, "root": bool(card.root)}
        self.show(text, data, as_json=as_json)
        return 0


def _site_secrets(folder: Path) -> str:
    """manage.py writes them before Django starts, unless they come from the environment."""
    names = ("secret_key", "field_key")
    return "、".join(f"{name} {'已就绪' if (folder / name).is_file() else '由环境变量提供'}" for name in names)
