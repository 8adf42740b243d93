"""Everything that must hold before a change lands: the checks, then all tests on PostgreSQL and on SQLite.

The browser tests come last, on SQLite, in the run whose summary is the last line printed.
"""

import os
import subprocess
import sys
from pathlib import Path

from tools import check, postgres

ROOT = Path(__file__).resolve().parent.parent
PYTEST = [str(ROOT / ".venv" / "bin" / "pytest"), "-q", "-n", "2", "--no-loadscope-reorder"]


def pytest(title: str, *arguments: str, **extra: str) -> int:
    """Run pytest with ``extra`` in its environment; its exit code."""
    print(f"\n=== {title}", flush=True)
    return subprocess.run([*PYTEST, *arguments], cwd=ROOT, env={**os.environ, **extra}, check=False).returncode


def faults() -> int:
    """The exhaustive fault tests, on both databases."""
    with postgres.cluster() as url:
        if code := pytest(
            "故障，PostgreSQL", "-m", "faults", "tests/faults", HALL_TEST_DATABASE="postgres", DATABASE_URL=url
        ):
            return code
    os.environ.pop("DATABASE_URL", None)
    return pytest("故障，SQLite", "-m", "faults", "tests/faults", HALL_TEST_DATABASE="sqlite")


def main() -> int:
    """0 when everything passed; stops at the first part that failed."""
    print("=== 检查", flush=True)
    if code := check.main():
        return code
    with postgres.cluster() as url:
        if code := pytest(
            "PostgreSQL",
            "-m",
            "not browser and not slow and not faults",
            HALL_TEST_DATABASE="postgres",
            DATABASE_URL=url,
        ):
            return code
    os.environ.pop("DATABASE_URL", None)
    return pytest("SQLite，含浏览器", "-m", "not faults", HALL_TEST_DATABASE="sqlite")


if __name__ == "__main__":
    sys.exit(faults() if sys.argv[1:] == ["faults"] else main())
