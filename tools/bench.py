"""Run what is in bench/, print a table, and write var/bench.json: a flat object from name to ratio.

A ratio compares two things measured in turn on this machine, so it can be compared with another machine's.
"""

import importlib
import json
import pkgutil
import sys
import time
from pathlib import Path

import bench

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "var" / "bench.json"


def available() -> list[str]:
    """The modules of bench/ that have a ``run``."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    return [name for name in names if hasattr(importlib.import_module(f"bench.{name}"), "run")]


def measure(name: str) -> dict[str, float]:
    """The ratios of one module, rounded; their names are unique among all modules."""
    print(f"{name} …", flush=True)
    started = time.monotonic()
    ratios = importlib.import_module(f"bench.{name}").run()
    print(f"{name}：{time.monotonic() - started:.0f} 秒", flush=True)
    return {key: round(value, 4) for key, value in ratios.items()}


def write(results: dict[str, float]) -> None:
    """Keep what other runs measured, replace what this one did."""
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    RESULT.write_text(json.dumps({**before, **results}, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def main(wanted: list[str]) -> int:
    """0 when everything asked for was measured."""
    names = available()
    if unknown := [name for name in wanted if name not in names]:
        print(f"没有这样的测量：{'、'.join(unknown)}。可以选：{'、'.join(names)}。", file=sys.stderr)
        return 1
    results: dict[str, float] = {}
    for name in wanted or names:
        results |= measure(name)
    width = max(map(len, results))
    for key, value in results.items():
        print(f"{key:<{width}}  {value:10.3f}")
    write(results)
    print(f"已写入 {RESULT}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
