"""``manage.py machine``: the whole table of the machine as CSV."""

import csv
import io
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from applications import machine, machine_doc

COLUMNS = ("state", "move", "target", "role")


class Command(BaseCommand):
    """One row for every state, move, target and role."""

    help = "以 CSV 打印状态机：状态、动作、目标状态、角色。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="改为 JSON")
        parser.add_argument("--doc", action="store_true", help="打印 docs/machine.md 的内容")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["doc"]:
            self.stdout.write(machine_doc.document(), ending="")
        elif options["json"]:
            self.stdout.write(json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in machine.table()], indent=1))
        else:
            rows = io.StringIO()
            writer = csv.writer(rows, lineterminator="\n")
            writer.writerows([COLUMNS, *machine.table()])
            self.stdout.write(rows.getvalue(), ending="")
