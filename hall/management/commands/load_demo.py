"""``manage.py load_demo``: the demo city on this side; with ``--history`` also the cases of its past year."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hall.demo import city, history_inner, history_outer, loader
from hall.demo.filing import DemoIncomplete

DEFAULT_COUNT = 180


class Command(BaseCommand):
    """Idempotent: what is there already stays as it is."""

    help = "装入演示城市云川市（内网：部门、人员、办事指南；外网：申请人、企业）；--history 生成历史办件"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """``--history [N]``, ``--phase``, ``--accounts``."""
        parser.add_argument(
            "--history",
            nargs="?",
            type=int,
            const=DEFAULT_COUNT,
            metavar="N",
            help=f"历史办件 N 件（默认 {DEFAULT_COUNT}）。外网提交，内网办理；两边交替运行，中间各交换一次批次",
        )
        parser.add_argument("--phase", choices=("submit", "play"), help="submit 在外网，play 在内网；不写时由站点决定")
        parser.add_argument("--accounts", action="store_true", help="只列出本站点的演示账号")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per step."""
        if options["accounts"]:
            for account in loader.accounts(city.load()):
                self.stdout.write(
                    f"{account['username']:<12} {account['password']}  {account['who']}（{account['can']}）"
                )
            return
        try:
            if options["history"] is None and options["phase"] is None:
                loader.load(self._say)
            else:
                self._history(options["history"] or DEFAULT_COUNT, options["phase"])
        except DemoIncomplete as problem:
            raise CommandError(str(problem)) from problem

    def _history(self, count: int, phase: str | None) -> None:
        here = "submit" if settings.IS_OUTER else "play"
        if phase not in (None, here):
            raise CommandError(f"--phase {phase} 应在{'内' if phase == 'play' else '外'}网站点运行。")
        if here == "submit":
            history_outer.submit(count, self._say)
        else:
            history_inner.play(self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
