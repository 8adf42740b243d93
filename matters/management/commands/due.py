"""``manage.py due START WORKDAYS [FROM:TO …]``: when a limit ends."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matters import calendar, duequestion
from matters.workdays import Calendar


class Command(BaseCommand):
    """Works on a machine where no database was made: then the packaged calendar answers alone."""

    help = "计算期限届满日。START 起算日（当日不计），WORKDAYS 工作日数，FROM:TO 不计入期限的日期（含两端）。due - 从标准输入逐行读题。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("question", nargs="*", help="START WORKDAYS [FROM:TO …]，或 -")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        days = calendar.current_or_packaged()
        if options["question"] == ["-"]:
            self._answer_lines(days, as_json=options["json"])
            return
        try:
            answer = duequestion.answer(duequestion.parse(options["question"]), days)
        except ValueError as error:
            raise CommandError(f"错误：{error}") from error
        self.stdout.write(_text(answer, as_json=options["json"]))

    def _answer_lines(self, days: Calendar, *, as_json: bool) -> None:
        """One answer a line, in the order of the questions; a bad line is answered too and fails the run at its end."""
        bad = 0
        for line in sys.stdin:
            try:
                answer = duequestion.answer(duequestion.parse(line.lstrip("\ufeff").split()), days)
            except ValueError as error:
                bad += 1
                text = json.dumps({"error": str(error)}, ensure_ascii=False) if as_json else f"错误：{error}"
            else:
                text = _text(answer, as_json=as_json)
            self.stdout.write(text)
        if bad:
            raise CommandError(f"有 {bad} 行无法计算，见以“错误”开头的行。")


def _text(answer: duequestion.Answer, *, as_json: bool) -> str:
    return json.dumps(answer.as_dict(), ensure_ascii=False) if as_json else answer.as_line()
