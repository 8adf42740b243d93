"""Installs the programs that ``bench`` compares with, each into its own environment under var/peers: never in the lock."""

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PEERS = Path(__file__).resolve().parent.parent.parent / "var" / "peers"
NNCP = PEERS / "nncp" / "usr" / "bin"
MORANGO = "morango==0.8.15"  # takes Django 3.2 with it


def python_of(name: str) -> Path:
    """The Python of a peer's environment, there or not."""
    return PEERS / name / "bin" / "python"


def nncp_is_here() -> bool:
    """Whether the package of NNCP was unpacked."""
    return (NNCP / "nncp-file").is_file()


def _nncp() -> int:
    """Unpack Debian's package, which needs no rights; elsewhere its lines are missing."""
    if nncp_is_here():
        return 0
    if shutil.which("apt-get") is None:
        print("没有 apt-get，不装 NNCP：少测附件一项。")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        if code := subprocess.run(["apt-get", "download", "--quiet=2", "nncp"], cwd=folder, check=False).returncode:
            return code
        (package,) = Path(folder).glob("nncp_*.deb")
        return subprocess.run(["dpkg-deb", "-x", package, PEERS / "nncp"], check=False).returncode


def main() -> int:
    """0 when all are installed."""
    return _morango() or _nncp()


def _morango() -> int:
    python = python_of("morango")
    if not python.exists():
        venv.create(python.parent.parent, with_pip=True)
    return subprocess.run([python, "-m", "pip", "install", "--quiet", MORANGO], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
