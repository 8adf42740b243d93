"""``manage.py tick``: the moves that time makes."""

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications import acts, machine, tick
from applications.management.dates import moment_of


class Command(BaseCommand):
    """Run it from a scheduler as often as you like; it does nothing twice."""

    help = "处理到期事项：视为受理、逾期未补正退回、重算期限、补做文书。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", help="按这一天处理（YYYY-MM-DD），默认今天；用于演练")
        parser.add_argument("--retry-failed", action="store_true", help="生成失败的文书也再做一次")

    def handle(self, *args: Any, **options: Any) -> None:
        done = tick.run(moment_of(options["today"], time(9)), retry_failed=options["retry_failed"])
        for key, value in asdict(done).items():
            count = len(value) if isinstance(value, list) else value
            self.stdout.write(f"{LABELS[key]}：{count}")
        for number, action, why in done.failed:
            self.stderr.write(f"{number} 没有办成“{_label(action)}”：{why}")
        if done.failed:
            raise CommandError(f"{len(done.failed)} 件没有办成，其余的已经办理。改正后再运行一次。")


LABELS = {
    "deemed": "视为受理",
    "lapsed": "逾期未补正、未补交退回",
    "owed_reminded": "提醒补交容缺材料",
    "renewed": "视为准予延续",
    "cancelled": "期满注销证照",
    "reminded": "提醒延续",
    "received": "前一步办结，收件",
    "failed": "没有办成",
    "recomputed": "重算期限",
    "in_force": "指南生效",
    "queued": "排队制作文书",
    "open_data": "更新开放数据",
    "alerts": "发出预警和提醒",
    "sealed": "封存记录的办件",
    "no_shows": "预约未到",
    "notices": "发出通知",
    "undelivered": "没有送到的通知",
}


def _label(action: str) -> str:
    return machine.label(action) if action in machine.moves() else acts.label(action)
