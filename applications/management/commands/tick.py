"""``manage.py tick``: the moves that time makes."""

from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from applications import tick


class Command(BaseCommand):
    """Run it from a scheduler as often as you like; it does nothing twice."""

    help = "处理到期事项：视为受理、逾期未补正退回、重算期限、补做文书。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--today", help="按这一天处理（YYYY-MM-DD），默认今天；用于演练")
        parser.add_argument("--retry-failed", action="store_true", help="生成失败的文书也再做一次")

    def handle(self, *args: Any, **options: Any) -> None:
        done = tick.run(_moment(options["today"]), retry_failed=options["retry_failed"])
        for key, value in asdict(done).items():
            count = len(value) if isinstance(value, list) else value
            self.stdout.write(f"{LABELS[key]}：{count}")


LABELS = {
    "deemed": "视为受理",
    "lapsed": "逾期未补正、未补交退回",
    "reminded": "提醒补交容缺材料",
    "recomputed": "重算期限",
    "in_force": "指南生效",
    "queued": "排队制作文书",
    "open_data": "更新开放数据",
}


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"“{text}”不是日期，请写成 2026-02-27 这样。")
    return timezone.make_aware(datetime.combine(day, time(9)))
