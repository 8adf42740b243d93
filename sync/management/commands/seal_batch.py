import re
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from sync import batch_out, overlap, status
from sync.management.command import SyncCommand
from sync.models import Batch


class Command(SyncCommand):
    help = "把等待发出的内容封装成批次文件。没有内容时不生成文件，也算成功。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="批次文件放到哪个文件夹")
        parser.add_argument("--heartbeat", action="store_true", help="没有内容时也生成一个空批次，让对端知道进度")
        parser.add_argument("--again", metavar="N[-M]", help="重新生成第 N（到 M）批的文件")

    def run(self, **options: Any) -> int:
        if options["again"]:
            batch_out.again(*_range(options["again"]))
        batches = batch_out.seal_all(options["to"].resolve(), heartbeat=options["heartbeat"])
        lines = [
            f"第 {batch.seq} 批，{batch.records} 条记录，{batch.volumes.count()} 卷：{batch.file_path}"
            for batch in batches
        ]
        target = options["to"].resolve()
        held = overlap.held_back()
        if held:
            lines.append(held)
        data = {
            "batches": [
                {"seq": batch.seq, "records": batch.records, "file": batch.file_path, "files": _files(batch, target)}
                for batch in batches
            ],
            "waiting": status.outgoing().waiting,
            "held_back": held,
        }
        self.show("\n".join(lines) or "没有等待发出的内容，未生成文件。", data, as_json=options["json"])
        return 0


def _files(batch: Batch, target: Path) -> list[str]:
    return [str(target / Path(volume.file_path).name) for volume in batch.volumes.order_by("vol")]


def _range(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,15})(?:-(\d{1,15}))?", text)
    if not found:
        raise CommandError("--again 应为批次序号（如 7）或范围（如 7-9）。")
    return int(found[1]), int(found[2] or found[1])
