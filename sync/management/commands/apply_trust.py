from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync import intake, peers, reports, trusting
from sync.management.command import SyncCommand
from sync.reasons import Refused
from sync.trusting import Applied


class Command(SyncCommand):
    help = "使用对端的信任文件：吊销它作废的密钥，换用新的，再打开此前留下的文件。退出码：0 已使用，3 拒收并已隔离。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, metavar="FILE", help="对端用 sign_trust 签出的文件")

    def run(self, **options: Any) -> int:
        peers.site_keys()
        path: Path = options["file"]
        with path.open("rb") as handle:
            data = handle.read(trusting.LARGEST + 1)
        try:
            done = trusting.apply(data)
        except Refused as refusal:
            outcome = intake.refuse(path, refusal)
            self.show(outcome.sentence, {"exit": 3, "code": outcome.code}, as_json=options["json"])
            return 3
        outcomes = intake.open_files([])
        text = "\n".join([_sentence(done), *reports.sentences(outcomes)])
        found = {"exit": 0, "version": done.version, "changed": done.changed, "revoked": done.revoked}
        found |= {"forged": done.forged, "files": [one.as_json() for one in outcomes]}
        self.show(text, found, as_json=options["json"])
        return 0


def _sentence(done: Applied) -> str:
    if not done.changed:
        return f"这份信任文件（第 {done.version} 版）以前已经用过，这次没有改动。"
    said = f"已使用信任文件第 {done.version} 版，吊销 {len(done.revoked)} 个密钥：{'、'.join(done.revoked) or '无'}。"
    if done.set_apart:
        said += f"\n等待中的 {done.set_apart} 个文件由已吊销的密钥签名，已隔离；对端会用新密钥重发。"
    if done.forged:
        numbers = "、".join(map(str, done.forged))
        said += (
            f"\n警告：第 {numbers} 批是伪造的，而本端已经应用。接收已冻结，请按 docs/KEYS.md 处理，并报告安全管理员。"
        )
    return said
