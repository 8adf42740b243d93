"""``manage.py check_catalogue``: the nightly check of every published guide, at once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from matters import upkeep
from matters.models import CatalogueFinding

MOST_SHOWN = 200


class Command(BaseCommand):
    """Run it as often as you like: what is found again is the same row."""

    help = "检查已发布的办事指南：内容、依据、表格、网址、半年核对（内网）"

    def handle(self, *args: Any, **options: Any) -> None:
        """The figures, then what is to be put right."""
        if settings.IS_OUTER:
            raise CommandError("目录由内网维护，请在内网站点运行。")
        report = upkeep.run()
        self.stdout.write(
            f"检查 {report.checked} 份指南：要处理 {report.open} 处，其中新发现 {report.new} 处；已解决 {report.resolved} 处"
        )
        rows = CatalogueFinding.objects.filter(resolved_at=None).select_related("matter")
        for row in rows[:MOST_SHOWN]:
            self.stdout.write(f"{row.matter.code} {row.matter.name}：{row.sentence}")
        if report.open > MOST_SHOWN:
            self.stdout.write(f"还有 {report.open - MOST_SHOWN} 处，见内网“事项管理”的“要复核”。")
