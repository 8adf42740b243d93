"""``manage.py machine``: the whole table of the machine as CSV."""

import csv
from typing import Any

from django.core.management.base import BaseCommand

from applications import machine


class Command(BaseCommand):
    """One row for every state, move, target and role."""

    help = "以 CSV 打印状态机：状态、动作、目标状态、角色。"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(["state", "move", "target", "role"])
        writer.writerows(machine.table())
