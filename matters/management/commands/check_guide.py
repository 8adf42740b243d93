"""``manage.py check_guide FILE.json``: what is wrong with a guide, field by field."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from matters.guide_checks import Problem, as_content, check_guide

LARGEST_FILE = 16 * 1024 * 1024


class Command(BaseCommand):
    """Exit 0 when the guide may be published, 1 when anything is wrong."""

    help = "检查一份办事指南（JSON），逐个要素列出问题；有问题时退出码为 1。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.json")
        parser.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = check_guide(read_guide_file(options["file"]))
        if options["json"]:
            rows = [asdict(problem) | {"label": problem.label} for problem in problems]
            self.stdout.write(json.dumps({"ok": not problems, "problems": rows}, ensure_ascii=False, indent=1))
        else:
            self._write(problems)
        if problems:
            raise CommandError(f"共 {len(problems)} 个问题，改好后才能发布。")

    def _write(self, problems: list[Problem]) -> None:
        for problem in problems:
            self.stdout.write(f"{problem.field} {problem.label} [{problem.path}] {problem.message}")
        if not problems:
            self.stdout.write("没有发现问题，可以发布。")


def read_guide_file(path: Path) -> dict[str, Any]:
    """The content of a guide file; CommandError in plain words when it cannot be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise CommandError(f"文件 {path} 超过 16 MB，不像一份办事指南。")
        return as_content(json.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise CommandError(f"读不到文件 {path}：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"文件 {path} 不是 UTF-8 编码的文字。") from error
    except json.JSONDecodeError as error:
        raise CommandError(f"文件 {path} 不是有效的 JSON：第 {error.lineno} 行第 {error.colno} 列附近有错。") from error
    except RecursionError as error:
        raise CommandError(f"文件 {path} 的层次太深，不像一份办事指南。") from error
    except ValueError as error:
        raise CommandError(f"文件 {path}：{error}。") from error
