"""Build both demo sites under HALL_DATA_DIR, or bring existing ones up to date.

They are built in a folder beside and moved into place when whole, so an interrupted build leaves no half site.
"""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools import courier, demo_lock, sites
from tools.sites import CommandFailed, Site

Sites = tuple[Site, Site]
Step = tuple[str, Callable[[Sites], None]]
MIGRATE = "migrate --no-input --verbosity 0"
COLLECT = "collectstatic --no-input --verbosity 0"
WHOLE = "whole"  # marks a finished build that may not have been moved yet


def prepare(both: Sites) -> None:
    """Keys, databases and static files of two empty sites, and the public card of each for the other."""
    sites.on_both(both, "make_keys", MIGRATE, "createcachetable", COLLECT)


def introduce(both: Sites) -> None:
    """Give each side the other's public keys, with the fingerprint that two operators would read to each other."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda site: site.manage("export_key", "--to", _card(site)), both))
        list(pool.map(_enrol, both, both[::-1]))


def _enrol(own: Site, peer: Site) -> None:
    fingerprint = json.loads(_card(peer).read_text())["fingerprint"]
    own.manage("enrol_peer", _card(peer), "--fingerprint", fingerprint)


def _card(site: Site) -> Path:
    return site.folder / "card.json"


def load_city(both: Sites) -> None:
    """Inner: the city, its staff and its catalogue, published. Outer: applicants and enterprises."""
    sites.on_both(both, "load_demo")


def send_guides(both: Sites) -> None:
    """The catalogue crosses to the outer side."""
    outer, inner = both
    courier.carry(inner, outer)


def cases() -> str:
    """How many past cases the demo has."""
    return os.environ.get("HALL_DEMO_CASES", "180")


def file_history(both: Sites) -> None:
    """Applicants file the cases of the past year."""
    outer, inner = both
    outer.manage("load_demo", "--history", cases())
    courier.carry(outer, inner)


def ask_corrections(both: Sites) -> None:
    """The office asks for what is missing, the applicants answer."""
    outer, inner = both
    inner.manage("load_demo", "--history")
    courier.carry(inner, outer)
    outer.manage("load_demo", "--history", cases())
    courier.carry(outer, inner)


def play_history(both: Sites) -> None:
    """The office handles all cases; the outer side hears of it, and some applicants say how it was."""
    outer, inner = both
    inner.manage("load_demo", "--history")
    courier.carry(inner, outer)
    outer.manage("load_demo", "--history", cases())
    courier.carry(outer, inner)


STEPS: list[Step] = [
    ("两个站点的密钥、数据库和静态文件", prepare),
    ("互相登记公钥", introduce),
    ("云川市的部门、人员、办事指南和申请人", load_city),
    ("用批次文件把指南送到外网", send_guides),
    ("历史办件：外网提交", file_history),
    ("历史办件：一次性告知和补正", ask_corrections),
    ("历史办件：内网办理，结果送回外网，申请人评价", play_history),
]


def without_history() -> list[Step]:
    """The steps that make an open hall in which nothing has happened yet."""
    return STEPS[: [step for _, step in STEPS].index(file_history)]


def build(both: Sites, steps: list[Step] | None = None) -> None:
    """Build two sites from nothing, telling each step and its seconds."""
    chosen = STEPS if steps is None else steps
    for number, (title, step) in enumerate(chosen, 1):
        print(f"  [{number}/{len(chosen)}] {title} … ", end="", flush=True)
        started = time.monotonic()
        step(both)
        print(f"{time.monotonic() - started:.0f} 秒", flush=True)


def _move_into_place(building: Path, root: Path) -> None:
    for side in ("outer", "inner"):
        if (building / side).exists():
            (building / side).rename(root / side)
    shutil.rmtree(building)


def _update(both: Sites) -> None:
    """Bring sites of an earlier version to this one; quick when nothing changed since."""
    marker = both[0].folder.parent / ".updated"
    if marker.exists() and marker.stat().st_mtime >= _code_changed_at():
        return
    print("更新数据库结构和静态文件 …", flush=True)
    sites.on_both(both, MIGRATE, COLLECT)
    marker.touch()


def _code_changed_at() -> float:
    """When a migration, a static file or the set of libraries last changed."""
    changing = [sites.ROOT / ".venv" / ".locked", *sites.ROOT.glob("*/migrations/*.py")]
    changing += [path for path in sites.ROOT.glob("*/static/**/*") if path.is_file()]
    return max(path.stat().st_mtime for path in changing if path.exists())


def ensure(root: Path) -> bool:
    """Have two whole, migrated sites under ``root``; True when they were built now. The caller holds the demo's lock."""
    building = root / ".building"
    if (building / WHOLE).exists():
        _move_into_place(building, root)
    if (root / "outer").exists() and (root / "inner").exists():
        _update(sites.demo_pair(root))
        return False
    if (root / "outer").exists() or (root / "inner").exists():
        raise CommandFailed(f"{root} 下只有一个站点。请把另一个放回来，或运行 make demo-reset 重新生成。")
    shutil.rmtree(building, ignore_errors=True)
    print(f"生成演示数据（{root}）")
    build(sites.demo_pair(building))
    (building / WHOLE).touch()
    _move_into_place(building, root)
    (root / ".updated").touch()
    return True


def main() -> int:
    """0 when both sites are there."""
    root = sites.demo_root()
    try:
        with demo_lock.hold(root):
            built = ensure(root)
    except (CommandFailed, demo_lock.DemoBusy) as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n已中断；没有留下半个站点，再次运行会重新生成。", file=sys.stderr)
        return 130
    print(f"演示数据{'已生成' if built else '已存在，已更新到当前版本'}：{root}/outer 和 {root}/inner")
    return 0


if __name__ == "__main__":
    sys.exit(main())
