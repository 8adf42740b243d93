"""The two sites of one hall on this machine: their folders, ports and environment, and how to run a command on each."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"


class CommandFailed(RuntimeError):
    """A management command of a site failed; the text is what it printed."""


@dataclass(frozen=True)
class Site:
    """One side of a hall: ``folder`` is its HALL_DATA_DIR, ``extra`` goes into its environment."""

    side: str
    folder: Path
    port: int
    outer_url: str
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where this site listens, without a trailing slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def going_out(self) -> Path:
        """Where this site lays batches to be carried."""
        return self.folder / "courier" / "out"

    @property
    def coming_in(self) -> Path:
        """Where batches for this site arrive."""
        return self.folder / "courier" / "in"

    def environment(self) -> dict[str, str]:
        """The environment of every process of this site."""
        return {
            **{
                key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
            },
            "HALL_SIDE": self.side,
            "HALL_DATA_DIR": str(self.folder),
            "HALL_OUTER_URL": self.outer_url,
            **self.extra,
        }

    def manage(self, *arguments: str | Path, allowed: tuple[int, ...] = (0,)) -> str:
        """Run a management command to its end; what it printed. CommandFailed when its exit code is not ``allowed``."""
        return self._run(self.command(*arguments), allowed)

    def manage_all(self, *lines: str) -> str:
        """Run several commands, each written as one line, in one process; CommandFailed at the first that fails."""
        return self._run([sys.executable, "-m", "tools.commands", *lines], (0,))

    def _run(self, command: list[str], allowed: tuple[int, ...]) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False)
        if done.returncode not in allowed:
            shown = " ".join(command[1:])
            raise CommandFailed(f"{self.side}：{shown} 失败（{done.returncode}）\n{done.stdout}{done.stderr}")
        return done.stdout

    def command(self, *arguments: str | Path) -> list[str]:
        """The command line of a management command."""
        return [sys.executable, str(ROOT / "manage.py"), *(str(part) for part in arguments)]


def pair(root: Path, outer_port: int, inner_port: int, **extra: str) -> tuple[Site, Site]:
    """The outer and the inner site under ``root``."""
    url = f"http://127.0.0.1:{outer_port}"
    outer = Site("outer", root / "outer", outer_port, url, extra)
    return outer, Site("inner", root / "inner", inner_port, url, extra)


def demo_root() -> Path:
    """The folder of the demo, from HALL_DATA_DIR."""
    return Path(os.environ.get("HALL_DATA_DIR", ROOT / "var" / "demo")).expanduser().resolve()


def demo_pair(root: Path | None = None) -> tuple[Site, Site]:
    """The two demo sites, with ports from the environment."""
    outer_port = int(os.environ.get("HALL_OUTER_PORT", "8000"))
    inner_port = int(os.environ.get("HALL_INNER_PORT", "8001"))
    return pair(root or demo_root(), outer_port, inner_port, HALL_DEMO="1")


def demo_password() -> str:
    """The password of every demo account."""
    city = json.loads((ROOT / "hall" / "demo" / "city.json").read_text())
    return str(city["password"])


def on_both(both: tuple[Site, Site], *lines: str) -> None:
    """Run the same commands on both sides at once; CommandFailed when either failed."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda site: site.manage_all(*lines), both))
