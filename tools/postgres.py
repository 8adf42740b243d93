"""A PostgreSQL cluster of our own for one run: made in a temporary folder, on a free loopback port, thrown away at the end."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Nothing in it outlives the run, so nothing needs to reach the disk.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "timezone": "UTC",
}


def binaries() -> Path:
    """The folder of the newest installed server; FileNotFoundError says what to install."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not found:
        raise FileNotFoundError("没有找到 PostgreSQL 服务器，请运行 make install-test。")
    return found[-1].parent


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _owner() -> str | None:
    """PostgreSQL refuses to run as root: then it runs as the user that its package made."""
    return "postgres" if os.geteuid() == 0 else None


def _as_owner(*command: str | Path, folder: Path) -> None:
    owner = _owner()
    subprocess.run(
        [str(part) for part in command], cwd=folder, check=True, stdout=subprocess.DEVNULL, user=owner, group=owner
    )


# As an office runs it: what was committed has reached the disk.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster, yield the DATABASE_URL of its superuser, and remove it whatever happens."""
    home, tools = Path(tempfile.mkdtemp(prefix="hall-postgres-")), binaries()
    data, secret, port, password = home / "data", home / "secret", free_port(), secrets.token_hex(16)
    try:
        secret.write_text(password)
        if owner := _owner():
            for path in (home, secret):
                shutil.chown(path, owner, owner)
        initdb = [
            "--auth=scram-sha-256",
            "--username=hall",
            f"--pwfile={secret}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ]
        _as_owner(tools / "initdb", "--no-sync", *initdb, data, folder=home)
        chosen = FAST | DURABLE if durable else FAST
        options = " ".join(f"-c {name}={value}" for name, value in chosen.items())
        options += f" -c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={home}"
        _as_owner(tools / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start", folder=home)
        try:
            yield f"postgres://hall:{password}@127.0.0.1:{port}/postgres"
        finally:
            _as_owner(tools / "pg_ctl", "-D", data, "-m", "immediate", "stop", folder=home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
