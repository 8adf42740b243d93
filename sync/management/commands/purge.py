from dataclasses import asdict
from typing import Any

from sync import purge
from sync.management.command import SyncCommand


class Command(SyncCommand):
    help = "清理不再需要的内容：对端备份已经包含的已发批次，两端备份都已包含的已收批次文件。"

    def run(self, **options: Any) -> int:
        done = purge.run()
        text = f"已清理 {done.batches} 个已发批次（{done.files} 个文件）、{done.archived} 个已收批次的文件。"
        self.show(text, asdict(done), as_json=options["json"])
        return 0
