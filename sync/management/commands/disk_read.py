from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sync import reports, volumes_in
from sync.management.command import SyncCommand
from sync.transports.disk import reading, words


class Command(SyncCommand):
    help = (
        "读入移动盘上的批次和回执并打开，不在盘上写任何内容。退出码：0 已应用，2 在等缺少的内容，3 有拒收、缺少或损坏。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("disks", nargs="+", type=Path, metavar="DIR", help="移动盘的挂载点")

    def run(self, **options: Any) -> int:
        readings = [reading.read(root.resolve()) for root in options["disks"]]
        lines = []
        for one in readings:
            lines += [*words.of_index(one.index), *reports.sentences(one.outcomes), *one.complaints]
        lines += words.of_journey([one.index for one in readings if one.index])
        unfinished = volumes_in.unfinished_everywhere()
        lines += words.of_unfinished(unfinished)
        code = reading.exit_code(readings)
        data = {
            "exit": code,
            "files": [outcome.as_json() for one in readings for outcome in one.outcomes],
            "complaints": [complaint for one in readings for complaint in one.complaints],
            "missing_volumes": [
                {"stream": str(place.epoch), "seq": place.seq, "ranges": gaps} for place, gaps in unfinished.items()
            ],
        }
        self.show("\n".join(lines) or "盘上没有批次文件。", data, as_json=options["json"])
        return code
