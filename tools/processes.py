"""Start the processes of a hall and stop them all, whatever way the launcher itself ends."""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from tools.sites import BIN, ROOT, Site

PATIENCE = 15.0  # seconds that a process has to stop by itself


def _die_with_parent() -> None:
    """Linux ends this process when its launcher is gone, even by kill -9; elsewhere the launcher's own stop must do."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)
        if os.getppid() == 1:  # it was gone before the call
            os.kill(os.getpid(), signal.SIGTERM)


def start(command: Sequence[str], site: Site, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start a process of a site in a session of its own, so that Ctrl-C reaches the launcher only."""
    output = log.open("ab") if log else None
    return subprocess.Popen(
        list(command),
        cwd=ROOT,
        env=site.environment(),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )


def web(site: Site, log: Path | None = None, workers: int = 1) -> subprocess.Popen[bytes]:
    """The web server of a site. One thread a worker: Python gains nothing from more, and granian loses much."""
    command = [str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(site.port)]
    command += ["--workers", str(workers), "--blocking-threads", "1", "--log-level", "warning", "hall.wsgi:application"]
    return start(command, site, log)


def stop_all(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all to stop, wait for them, and end what has not stopped, with all their children."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def port_taken(port: int) -> bool:
    """Does somebody listen on this loopback port?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def answers(site: Site) -> bool:
    """Does the site answer its health page?"""
    try:
        with urllib.request.urlopen(f"{site.url}/health/", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def wait_until_ready(site: Site, process: subprocess.Popen[bytes], seconds: float = 60) -> bool:
    """True when the site answers; False when its server ended or the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if answers(site):
            return True
        time.sleep(0.1)
    return False


def chromium() -> str:
    """The browser of this machine; the one that playwright would download is not used."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise FileNotFoundError("没有找到 Chromium，请运行 make install-test。")
    return found
