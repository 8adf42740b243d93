from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync import batch_out, epochs, marks, peers, status
from sync.management.command import SyncCommand
from sync.reasons import CannotProceed

STEPS = """数据库恢复过备份、或者有两套系统在发送时，按下面的步骤办理（详见 docs/RESTORE.md）：
 1. 停掉所有别的发送系统（旧机器、克隆的虚拟机），确认只剩这一套。
 2. 打电话告诉对端管理员：本端将开始新纪元，请对方收到后核对并批准。
 3. 运行：manage.py new_epoch --begin --reason "原因" --by "姓名" --to 文件夹
 4. 把文件夹里的批次送到对端。对端运行 open_batch，再运行 approve_epoch 核对、批准。
 5. 取回对端的批次并打开：本端丢失的内容随它退还。两端 sync_status 一致，即告完成。
对端的退还确实到不了（例如对端也毁了）：manage.py new_epoch --stop-waiting"""


class Command(SyncCommand):
    help = "恢复备份以后开始新的发送纪元。不带 --begin 时只说明现状和步骤。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--begin", action="store_true", help="开始新纪元")
        parser.add_argument("--stop-waiting", action="store_true", help="对端的退还确实到不了：不再等，继续办件")
        parser.add_argument("--reason", default="", metavar="TEXT", help="原因，对端批准的人会看到")
        parser.add_argument("--by", default="", metavar="NAME", help="经办人")
        parser.add_argument("--to", type=Path, metavar="DIR", help="批次文件放到哪个文件夹")

    def run(self, **options: Any) -> int:
        if options["stop_waiting"]:
            epochs.stop_waiting()
            text = "已不再等待对端退还。还会到的退还照常补回；此后另作的决定与它不一致时成为死信，请逐件核对。"
            self.show(text, {"awaits_return": False}, as_json=options["json"])
            return 0
        if not options["begin"]:
            state = _state()
            self.show(f"现状：{state}\n\n{STEPS}", {"state": state}, as_json=options["json"])
            return 0
        peers.site_keys(), peers.peer_card()
        begun = epochs.begin(options["reason"], options["by"])
        batches = batch_out.seal_all((options["to"] or batch_out.outgoing_folder()).resolve())
        text = (
            f"已开始第 {begun.stream.number} 纪元（流 {begun.stream.epoch}），共列出 {begun.facts} 条事实。\n"
            + "\n".join(f"第 {batch.seq} 批，{batch.records} 条记录：{batch.file_path}" for batch in batches)
            + "\n请把这些文件送到对端，并请对端管理员核对后运行 approve_epoch。"
        )
        data = {"stream": str(begun.stream.epoch), "number": begun.stream.number, "facts": begun.facts}
        self.show(text, data | {"files": [batch.file_path for batch in batches]}, as_json=options["json"])
        return 0


def _state() -> str:
    try:
        marks.check()
    except CannotProceed as error:
        return str(error)
    stream = status.current("out")
    return (stream.frozen if stream else "") or "没有发现数据库恢复过备份；没有别的原因就不需要新纪元。"
