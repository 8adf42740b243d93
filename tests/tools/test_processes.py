"""Starting and stopping: nothing is left behind, a taken port is noticed."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools import processes, sites
from tools.sites import ROOT, Site

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def site(folder: Path) -> Site:
    return sites.pair(folder, 1, 2)[0]


def test_taken_port_is_noticed() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert processes.port_taken(taken.getsockname()[1])


def test_stubborn_process_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    process = processes.start([sys.executable, "-c", STUBBORN], site(tmp_path), log)
    while not log.read_text():
        time.sleep(0.02)
    monkeypatch.setattr(processes, "PATIENCE", 0.2)
    processes.stop_all([process])
    assert process.returncode == -signal.SIGKILL


def test_children_end_with_a_launcher_that_was_killed(tmp_path: Path) -> None:
    launcher = (
        "import sys, time; from pathlib import Path; from tools import processes, sites\n"
        f"site = sites.pair(Path({str(tmp_path)!r}), 1, 2)[0]\n"
        "print(processes.start([sys.executable, '-c', 'import time; time.sleep(60)'], site).pid, flush=True)\n"
        "time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", launcher], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 10
    while _lives(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _lives(child)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
