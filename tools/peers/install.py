"""Installs the programs that ``bench`` compares with, each into its own environment under var/peers: never in the lock."""

import subprocess
import sys
import venv
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent.parent / "var" / "peers"
MORANGO = "morango==0.8.15"  # takes Django 3.2 with it


def python_of(name: str) -> Path:
    """The Python of a peer's environment, there or not."""
    return PEERS / name / "bin" / "python"


def main() -> int:
    """0 when all are installed."""
    python = python_of("morango")
    if not python.exists():
        venv.create(python.parent.parent, with_pip=True)
    return subprocess.run([python, "-m", "pip", "install", "--quiet", MORANGO], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
