"""``manage.py demo_traffic N``: N applications by the demo's applicants, through the same services as the pages."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hall.demo import traffic
from hall.demo.filing import DemoIncomplete


class Command(BaseCommand):
    """Outer side. Prints one number per application, and a line with the total at the end."""

    help = "由演示申请人提交 N 件申请（外网）；每份材料可以指定大小"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, how large, of which matter."""
        parser.add_argument("count", type=int, metavar="N", help="件数")
        parser.add_argument("--attachment-bytes", type=int, default=0, metavar="B", help="每份 PDF 材料的字节数")
        parser.add_argument("--matter", default="", metavar="NAME", help="只办这一事项（办事指南文件名，不带 .json）")

    def handle(self, *args: Any, **options: Any) -> None:
        """File them and tell how long it took."""
        if options["count"] < 0 or options["attachment_bytes"] < 0:
            raise CommandError("件数和字节数不能是负数。")
        started = time.monotonic()
        size = 0
        try:
            for case in traffic.file(options["count"], size=options["attachment_bytes"], matter=options["matter"]):
                size += sum(case.materials.values_list("size", flat=True))
                self.stdout.write(f"{case.number} {case.matter}")
        except DemoIncomplete as problem:
            raise CommandError(str(problem)) from problem
        seconds = time.monotonic() - started
        self.stdout.write(f"提交 {options['count']} 件，材料共 {size} 字节，用时 {seconds:.1f} 秒")
