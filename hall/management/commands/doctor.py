"""``manage.py doctor``: is this site fit to work, and what to do if not."""

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand

from hall import checkup


class Command(BaseCommand):
    """One line per check: OK, 注意 or 错误 with a sentence; exit 1 when there is an error."""

    help = "检查本站点：环境、密钥、数据库、数据表、缓存、存储、磁盘、PDF、对端、后台任务"
    # The checks themselves say what is wrong with the database; Django's own would stop before them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--json`` for programs."""
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: object, **options: object) -> None:
        """Print the findings."""
        findings = checkup.run()
        has_errors = any(finding.level == checkup.ERROR for finding in findings)
        if options["json"]:
            body = {"fit": not has_errors, "checks": [asdict(finding) for finding in findings]}
            self.stdout.write(json.dumps(body, ensure_ascii=False, indent=2))
        else:
            for finding in findings:
                self.stdout.write(f"{checkup.WORDS[finding.level]:<3} {finding.words}")
        if has_errors:
            raise SystemExit(1)
