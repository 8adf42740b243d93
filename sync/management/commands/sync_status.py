from typing import Any

from sync import status
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "显示两个方向的同步进度。一端的 outgoing 与另一端的 incoming 在 stream、rseq、chain 上相同，即为一致。"

    def run(self, **options: Any) -> int:
        outgoing, incoming = status.outgoing(), status.incoming()
        text = "\n".join(
            [
                f"发出：流 {outgoing.stream or '（尚无）'}，到第 {outgoing.seq} 批、第 {outgoing.rseq} 条，"
                f"链 {outgoing.chain[:16] or '—'}；等待封装 {outgoing.waiting} 条，对端已确认到第 {outgoing.acknowledged} 批",
                f"接收：流 {incoming.stream or '（尚无）'}，到第 {incoming.seq} 批、第 {incoming.rseq} 条，"
                f"链 {incoming.chain[:16] or '—'}；等待应用 {incoming.parked}，已隔离文件 {incoming.quarantined}",
            ]
        )
        self.show(text, status.as_json(), as_json=options["json"])
        return 0
