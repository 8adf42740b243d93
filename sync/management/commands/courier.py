import signal
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from sync import courier
from sync.management.command import SyncCommand
from sync.transports import configured


class Command(SyncCommand):
    help = "每隔几秒封装、送出、接收、打开一次，经由已设置的通道；定时发心跳，对端失联时报警。SIGTERM 或 Ctrl-C 停止。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="source", type=Path, metavar="DIR", help="接收文件夹")
        parser.add_argument("--to", dest="target", type=Path, metavar="DIR", help="送出文件夹")
        parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="间隔秒数")

    def run(self, **options: Any) -> int:
        schedule = courier.Schedule(
            every=options["every"],
            heartbeat=settings.HALL_SYNC_HEARTBEAT_MINUTES * 60,
            silence=settings.HALL_SYNC_SILENCE_MINUTES * 60,
            repeat=settings.HALL_SYNC_REPEAT,
        )
        ways = configured.transports(options["source"], options["target"])
        carrier = courier.Courier(ways, schedule, self._say)

        def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
            carrier.stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ask_to_stop)
        courier.serve(carrier)
        return 0

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
