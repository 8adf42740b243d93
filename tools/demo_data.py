"""Build both demo sites under HALL_DATA_DIR, or bring existing ones up to date.

They are built in a folder beside and moved into place when whole, so an interrupted build leaves no half site.
"""

import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools import courier, demo_lock, sites
from tools.sites import CommandFailed, Site

Sites = tuple[Site, Site]
Step = tuple[str, Callable[[Sites], None]]
WHOLE = "whole"  # marks a finished build that may not have been moved yet


def prepare(both: Sites) -> None:
    """Keys, databases and static files of two empty sites."""
    for command in (("make_keys",), ("migrate", "--no-input", "--verbosity", "0"), ("createcachetable",)):
        sites.on_both(both, *command)
    sites.on_both(both, "collectstatic", "--no-input", "--verbosity", "0")


def introduce(both: Sites) -> None:
    """Give each side the other's public keys, with the fingerprint that two operators would read to each other."""
    for own, peer in (both, both[::-1]):
        card = own.folder / "peer-key.json"
        peer.manage("export_key", "--to", card)
        fingerprint = json.loads(card.read_text())["fingerprint"]
        own.manage("enrol_peer", card, "--fingerprint", fingerprint)
        card.unlink()


def load_inner(both: Sites) -> None:
    """The city, its staff and its catalogue, published on the inner side."""
    both[1].manage("load_demo")


def load_outer(both: Sites) -> None:
    """Applicants and enterprises, on the outer side."""
    both[0].manage("load_demo")


def exchange(both: Sites) -> None:
    """Carry what waits from inner to outer and back, until receipts have crossed as well."""
    outer, inner = both
    for sender, receiver in ((inner, outer), (outer, inner), (inner, outer)):
        courier.carry(sender, receiver)


def load_history(both: Sites) -> None:
    """Past cases in every state, played through the machine."""
    both[1].manage("load_demo", "--history")


STEPS: list[Step] = [
    ("建立密钥、数据库和静态文件", prepare),
    ("两个站点互相登记公钥", introduce),
    ("内网：云川市的部门、人员和办事指南", load_inner),
    ("外网：企业和个人账号", load_outer),
    ("用批次文件把指南送到外网", exchange),
    ("历史办件", load_history),
    ("用批次文件把历史办件送到外网", exchange),
]


def without_history() -> list[Step]:
    """The steps that make an open hall in which nothing has happened yet."""
    return STEPS[: [step for _, step in STEPS].index(load_history)]


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
    sites.on_both(both, "migrate", "--no-input", "--verbosity", "0")
    sites.on_both(both, "collectstatic", "--no-input", "--verbosity", "0")
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
