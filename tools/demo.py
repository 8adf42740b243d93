"""Run the demo: web server, background worker and courier of both sites, and their ``tick`` once a minute, until Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tools import demo_data, demo_lock, processes, sites
from tools.sites import CommandFailed, Site

Running = dict[str, subprocess.Popen[bytes]]
TICK_SECONDS = 60


class CannotRun(RuntimeError):
    """The demo cannot start, or one of its processes ended; the text says what to do."""


def refuse_taken_ports(both: tuple[Site, Site]) -> None:
    """CannotRun names the port and the variable that changes it."""
    for site in both:
        if processes.port_taken(site.port):
            name = f"HALL_{site.side.upper()}_PORT"
            raise CannotRun(
                f"端口 {site.port} 已被占用。请停掉占用它的程序，或换一个端口：{name}={site.port + 10} make demo"
            )


def start_site(site: Site, peer: Site) -> Running:
    """The long-lived processes of one site. What they say goes to logs/ of the site.

    The courier takes batches from this site's folder and lays its own into the other's, as a gate between two networks would.
    """
    logs = site.folder / "logs"
    for folder in (logs, site.coming_in):
        folder.mkdir(parents=True, exist_ok=True)
    pause = os.environ.get("HALL_COURIER_SECONDS", "3")
    courier = site.command("courier", "--from", site.coming_in, "--to", peer.coming_in, "--every", pause)
    return {
        f"{site.side} 网站": processes.web(site, logs / "web.log"),
        f"{site.side} 后台任务": processes.start(site.command("qcluster"), site, logs / "worker.log"),
        f"{site.side} 批次交换": processes.start(courier, site, logs / "courier.log"),
    }


def wait_for(both: tuple[Site, Site], running: Running) -> None:
    """Until both sites answer; CannotRun with the log to read otherwise."""
    for site in both:
        if not processes.wait_until_ready(site, running[f"{site.side} 网站"]):
            raise CannotRun(f"{site.side} 网站没有启动成功，原因见 {_log_tail(site.folder / 'logs' / 'web.log')}")


def _log_tail(log: Path) -> str:
    return f"{log}：\n" + "".join(log.read_text(errors="replace").splitlines(keepends=True)[-20:])


def accounts(site: Site) -> str:
    """The demo accounts of one site, one a line, from the file that the demo loader leaves for the login page."""
    path = site.folder / "demo_accounts.json"
    rows = json.loads(path.read_text()) if path.exists() else []
    return "\n    ".join(f"{row['username']:<12} {row['password']:<14} {row['who']}" for row in rows)


def welcome(both: tuple[Site, Site]) -> str:
    """Addresses, accounts and the tour."""
    outer, inner = both
    return f"""
一站 Yizhan 正在运行。

  外网（企业和公众）：{outer.url}
    {accounts(outer)}

  内网（窗口和科室）：{inner.url}
    {accounts(inner)}

  五步走一遍：
  1. 外网，企业经办人 liming：搜索“食品经营”，看办事指南，“在线申请”，填表、传材料、提交。
  2. 内网，窗口 sunli：在工作台打开新办件，一次性告知补正；回外网补正后再受理、转审查。
  3. 内网，审查 chengang“通过”，审批 gaoyuan“准予”；每一步都会生成文书。
  4. 回到外网“我的办件”：几秒后批次文件送到，看到进度、文书和证照。
  5. 扫证照上的二维码（或打开它的网址），任何人都能核验它有效还是已撤销。

按 Ctrl-C 停止。再次 make demo 会接着用这些数据；make demo-reset 清空。
"""


def keep_going(both: tuple[Site, Site], running: Running) -> None:
    """Call ``tick`` on both sites once a minute; CannotRun when a process ended by itself."""
    ticks: Running = {}
    while True:
        ticks |= {site.side: _tick(site) for site in both if _ended(ticks.get(site.side))}
        for _ in range(TICK_SECONDS):
            for name, process in running.items():
                if process.poll() is not None:
                    raise CannotRun(
                        f"{name} 意外停止（{process.returncode}），日志在 {both[0].folder.parent}/*/logs/。"
                    )
            time.sleep(1)


def _tick(site: Site) -> subprocess.Popen[bytes]:
    return processes.start(site.command("tick"), site, site.folder / "logs" / "tick.log")


def _ended(process: subprocess.Popen[bytes] | None) -> bool:
    return process is None or process.poll() is not None


def run(both: tuple[Site, Site]) -> None:
    """Start all, tell the visitor, and stop all in the end."""
    running: Running = {}
    try:
        for site, peer in (both, both[::-1]):
            running |= start_site(site, peer)
        wait_for(both, running)
        print(welcome(both), flush=True)
        keep_going(both, running)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # an impatient second Ctrl-C must not leave orphans
        print("正在停止 …", flush=True)
        processes.stop_all(list(running.values()))


def main() -> int:
    """0 after Ctrl-C; 1 when it could not run."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # Ctrl-C, a supervisor, a closed window: all the same
        signal.signal(number, signal.default_int_handler)
    both = sites.demo_pair()
    try:
        refuse_taken_ports(both)
        with demo_lock.hold(sites.demo_root()):
            demo_data.ensure(sites.demo_root())
            run(both)
    except KeyboardInterrupt:
        print("已停止，数据都在。")
        return 0
    except (CannotRun, CommandFailed, demo_lock.DemoBusy) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
