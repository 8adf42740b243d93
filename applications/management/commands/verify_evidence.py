"""``manage.py verify_evidence``: is the record of every act whole, and does the other side remember the same?"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import datetime, time
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from applications import proof, verifying, verifying_seals
from applications.management.dates import moment_of
from applications.models import Application
from applications.verifying import Finding


class Command(BaseCommand):
    """Reads only. Exit code 1 when something is wrong; what a restoration explains is said and is no fault."""

    help = "核对办件记录：改动、删除、调换、截短、重写都会指出是哪一件、第几条；有问题时退出码 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--case", metavar="编号", help="只核对这一件")
        parser.add_argument("--since", metavar="日期", help="只核对这一天（YYYY-MM-DD）以来有记录的办件和封存")
        parser.add_argument("--against", metavar="FILE", type=Path, help="与对方保存的摘要（--kept-to 的文件）逐条比较")
        parser.add_argument(
            "--kept-to", metavar="FILE", type=Path, help="把本站点替对方保存的摘要写入文件，带给对方核对"
        )
        parser.add_argument(
            "--proof-to", metavar="FILE", type=Path, help="写出 --case 的完整性证明，可以交给法院或审计"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        number, since = options["case"], moment_of(options["since"], time())
        if number and not Application.objects.filter(number=number).exists():
            # A case that was removed is found by its seals, in a run over all of them.
            raise CommandError(f"本站点没有编号为 {number} 的办件。如果以前有过，请不带 --case 再核对一次。")
        self._write_files(options)
        wrong, explained = 0, 0
        for finding in _findings(number, since, options["against"]):
            if finding.is_explained:
                self.stdout.write(f"说明：{finding}")
                explained += 1
            else:
                self.stderr.write(str(finding))
                wrong += 1
        if wrong:
            raise CommandError(f"发现 {wrong} 处问题。请保留现场，不要修改数据库，并通知对方站点核对。")
        self.stdout.write("办件记录完整。")
        if explained:
            self.stdout.write(
                f"以上 {explained} 条说明都来自恢复备份，不是改动；请与恢复记录（哪一天恢复了哪一份备份）核对。"
            )

    def _write_files(self, options: dict[str, Any]) -> None:
        if options["kept_to"]:
            _write(options["kept_to"], verifying_seals.kept_of_peer())
        if options["proof_to"] and not options["case"]:
            raise CommandError("--proof-to 要和 --case 一起使用。")
        if options["proof_to"]:
            _write(options["proof_to"], proof.of_case(Application.objects.get(number=options["case"])))


def _findings(number: str | None, since: datetime | None, against: Path | None) -> Iterator[Finding]:
    found = chain(
        verifying.chains(number=number, since=since), verifying_seals.sealed_heads(number=number, since=since)
    )
    if number is None:
        found = chain(found, verifying_seals.own(since=since), verifying_seals.from_the_peer())
    if against:
        found = chain(found, verifying_seals.against(json.loads(against.read_text())))
    return found


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
