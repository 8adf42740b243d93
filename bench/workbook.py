"""How fast guides come in from a workbook, and whether memory stays flat: a thousand guides as large as real ones, and three thousand."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import postgres, sites
from tools.sites import ROOT, Site

FEW, MANY = 1000, 3000


def run() -> dict[str, float]:
    """``import_1000_guides_per_second``: guides judged, compared, checked and saved as drafts a second, the file's parsing left out
    (``save_guides_per_second`` is the saving alone, ``parse_guides_per_second`` the parsing).

    ``round_trip_1000_different``: how many of 1,000 guides differ after download and upload; 0 is right.

    ``memory_3k_over_1k``: the most memory that reading, judging and saving took for 3,000 guides over that for 1,000; 1 is flat.
    """
    root = Path(tempfile.mkdtemp(prefix="hall-bench-"))
    try:
        few, many = (_measure(root / str(count), count) for count in (FEW, MANY))
        different = _side(_known(root / str(FEW)), "again", str(root / str(FEW) / "again.xlsx"), FEW)["different"]
    finally:
        shutil.rmtree(root, ignore_errors=True)
    return {
        "import_1000_guides_per_second": FEW / (few["judge"] + few["save"]),
        "save_guides_per_second": FEW / few["save"],
        "parse_guides_per_second": FEW / few["parse"],
        "round_trip_1000_different": different,
        "memory_3k_over_1k": many["memory"] / few["memory"],
    }


def _measure(folder: Path, count: int) -> dict[str, float]:
    """On a new site; writing the workbook in a process of its own, so that its memory is not counted."""
    site = _site(folder)
    file = folder / "guides.xlsx"
    _side(site, "write", str(file), count)
    return _side(site, "read", str(file), count)


def _known(folder: Path) -> Site:
    _outer, inner = sites.pair(folder, postgres.free_port(), postgres.free_port(), HALL_LOG_LEVEL="ERROR")
    return inner


def _site(folder: Path) -> Site:
    inner = _known(folder)
    inner.manage("make_keys")
    inner.manage("migrate", "--verbosity", "0")
    return inner


def _side(site: Site, act: str, file: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.workbook_side", act, file, str(count)]
    environment = {**os.environ, **site.environment()}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found
