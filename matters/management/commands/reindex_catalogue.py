"""``manage.py reindex_catalogue``: build the index of search anew from the guides in force."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from matters.search import index


class Command(BaseCommand):
    """Never needed in ordinary use: publishing keeps the index, and an upgraded site builds it by itself."""

    help = "按现行指南重建搜索索引。平时不需要运行：发布时自动更新，升级后自动重建。"

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        matters = index.rebuild()
        self.stdout.write(f"已重建 {matters} 个事项的搜索索引，用时 {time.monotonic() - started:.1f} 秒。")
