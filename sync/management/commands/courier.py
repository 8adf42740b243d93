import signal
import threading
from pathlib import Path
from types import FrameType
from typing import Any

from django.core.management.base import CommandParser

from sync import courier
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "每隔几秒封装一次、打开一次：把批次放进送出文件夹，从接收文件夹取走。SIGTERM 或 Ctrl-C 停止。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="source", required=True, type=Path, metavar="DIR", help="接收文件夹")
        parser.add_argument("--to", dest="target", required=True, type=Path, metavar="DIR", help="送出文件夹")
        parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS", help="间隔秒数")

    def run(self, **options: Any) -> int:
        stop = threading.Event()

        def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, ask_to_stop)
        route = courier.Route(options["source"].resolve(), options["target"].resolve())
        courier.serve(route, every=options["every"], stop=stop, say=self._say)
        return 0

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
