"""Every check that reads the code without running the hall. Two at a time; prints only what is wrong, and a table of times."""

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
SECRET = "only-for-checkers-never-for-a-site-0123456789-abcdefghij"


@dataclass(frozen=True)
class Check:
    """One checker: its command line and, for management commands, the side it runs on."""

    name: str
    command: tuple[str, ...]
    side: str = "outer"


def manage(*arguments: str) -> tuple[str, ...]:
    """The command line of a management command."""
    return (str(BIN / "python"), "manage.py", *arguments)


CHECKS = [  # the slowest first, so that two cores finish together
    Check("类型 mypy", (str(BIN / "mypy"),)),
    Check("模板 djlint", (str(BIN / "djlint"), ".", "--lint", "--quiet")),
    Check("导入方向 import-linter", (str(BIN / "lint-imports"), "--no-logo")),
    Check("迁移 makemigrations", manage("makemigrations", "--check", "--dry-run")),
    Check("部署 outer", manage("check", "--deploy", "--fail-level", "WARNING")),
    Check("部署 inner", manage("check", "--deploy", "--fail-level", "WARNING"), "inner"),
    Check("格式 ruff format", (str(BIN / "ruff"), "format", "--check", ".")),
    Check("风格 ruff check", (str(BIN / "ruff"), "check", ".")),
]


def environment(side: str, folder: str) -> dict[str, str]:
    """A site that has secrets and HTTPS, and nothing of a real one."""
    return {
        **os.environ,
        "HALL_SIDE": side,
        "HALL_DATA_DIR": folder,
        "HALL_HTTPS": "1",
        "HALL_SECRET_KEY": SECRET,
        "HALL_FIELD_KEY": SECRET,
    }


def run(check: Check) -> tuple[Check, bool, float, str]:
    """Run one check: whether it passed, its seconds, and what it said."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            check.command, cwd=ROOT, env=environment(check.side, folder), capture_output=True, text=True, check=False
        )
    return check, done.returncode == 0, time.monotonic() - started, (done.stdout + done.stderr).strip()


def main() -> int:
    """Run all; 0 when all passed."""
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        results = list(pool.map(run, CHECKS))
    for check, passed, _, output in results:
        if not passed:
            print(f"\n--- {check.name}\n{output}\n")
    for check, passed, seconds, _ in results:
        print(f"{'通过' if passed else '不通过'}  {seconds:5.1f} 秒  {check.name}")
    return 0 if all(passed for _, passed, _, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
