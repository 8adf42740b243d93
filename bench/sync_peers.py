"""The hall's own facts across the gap against morango 0.8.15 with a record of thirteen columns, in one run on this machine."""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import halls
from tools import postgres
from tools.peers.install import python_of
from tools.sites import ROOT, Site

SIZES = {"10k": 10_000, "50k": 50_000}
SCRIPTS = ROOT / "tools" / "peers"


def run() -> dict[str, float]:
    """Times as fast as morango (larger is better), growth from 10,000 to 50,000 (smaller is better), records per second.

    Ours: ``rating.given``: everything recorded, then everything sealed, then everything verified and applied by its handler, in runs; the sum.
    ``sync_together_…``: recorded in runs and carried by the couriers of both sites through a folder, from the first recording to the last
    commit, both sides at work as the peer's two processes are. ``sync_validated_…``: opened with one call of the handler a record.
    ``sync_security_share_…``: signatures, hashes, decryption and chain, of the time to open (smaller is better). ``sync_submitted_…`` are whole applications, in turn, each
    of some fifteen rows and two moves of the machine. Without ``make bench-peers`` the lines over morango are missing.
    """
    told: dict[str, float] = {}
    ours: dict[str, float] = {}
    for size, records in SIZES.items():
        submitted, rated, singly, together = _ours(records)
        ours[size] = _total(rated)
        told |= _figures(size, records, submitted, rated)
        told[f"sync_together_per_second_{size}"] = records / together
        told[f"sync_validated_per_second_{size}"] = records / singly["open"]
        if python_of("morango").exists():
            told |= _against_morango(size, records, ours[size], together, _total(submitted))
    return told | {"sync_50k_over_10k": ours["50k"] / ours["10k"]}


def _total(seconds: dict[str, float]) -> float:
    return seconds["record"] + seconds["seal"] + seconds["open"]


def _figures(size: str, records: int, submitted: dict[str, float], rated: dict[str, float]) -> dict[str, float]:
    told = {f"sync_rated_{name}_{size}_rss_mb": rated[f"{name}_rss_mb"] for name in ("send", "receive")}
    told[f"sync_rated_per_second_{size}"] = records / _total(rated)
    told[f"sync_security_share_{size}"] = rated["security"] / rated["open"]
    told[f"sync_submitted_per_second_{size}"] = records / _total(submitted)
    return told


def _against_morango(size: str, records: int, rated: float, together: float, submitted: float) -> dict[str, float]:
    shipped, sleepless = (_morango(records, how) for how in ("sleeping", "sleepless"))
    return {
        f"sync_over_morango_{size}": shipped / rated,
        f"sync_over_morango_nosleep_{size}": sleepless / rated,
        f"sync_together_over_morango_nosleep_{size}": sleepless / together,
        f"sync_submitted_over_morango_{size}": shipped / submitted,
    }


def _ours(records: int) -> tuple[dict[str, float], dict[str, float], dict[str, float], float]:
    """Seconds and memory of applications, of their ratings, of the same ratings each on its own, and the seconds of the
    ratings with both sides at work, on copies of the two sites."""
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as scratch:
        outer, inner = (copy(site, Path(scratch)) for site in halls.fresh())
        first = Path(scratch) / "first"
        outer.manage("demo_traffic", "3")
        outer.manage("seal_batch", "--to", first)
        inner.manage("open_batch", first)
        submitted = _crossing(outer, inner, "submitted", records)
        # On copies that were just made: a database that the system has meanwhile put out of its memory is another measurement.
        together = _together(*_copies(outer, inner, Path(scratch) / "others"), records)
        twins = _copies(outer, inner, Path(scratch) / "twins")
        rated = _crossing(outer, inner, "rated", records)
        singly = _crossing(*twins, "rated_singly", records, act="receive_singly")
        return submitted, rated, singly, together


def _copies(outer: Site, inner: Site, scratch: Path) -> tuple[Site, Site]:
    return copy(outer, scratch), copy(inner, scratch)


def copy(site: Site, scratch: Path) -> Site:
    """The same site in another folder, to be spoilt."""
    folder = scratch / site.side
    shutil.copytree(site.folder, folder)
    return Site(site.side, folder, site.port, site.outer_url, site.extra)


def _crossing(outer: Site, inner: Site, what: str, records: int, act: str = "receive") -> dict[str, float]:
    folder = outer.folder / f"bench-{what}"
    sent = side(outer, f"send_{what}", folder, records)
    received = side(inner, "security", folder, records) | side(inner, act, folder, records)
    return sent | received | {"send_rss_mb": sent["rss_mb"], "receive_rss_mb": received["rss_mb"]}


def _together(outer: Site, inner: Site, records: int) -> float:
    """Seconds from the first recording to the last commit, the couriers of both sites at work."""
    folder = outer.folder / "bench-together"
    taking = subprocess.Popen(
        _act("take_rated", folder, records), cwd=ROOT, env=inner.environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert taking.stdout
        assert taking.stdout.readline() == "ready\n"
        began = side(outer, "carry_rated", folder, records)["began"]
        told, _ = taking.communicate(timeout=60 + records / 100)
    finally:
        taking.kill()
    ended: float = json.loads(told.splitlines()[-1])["ended"]
    return ended - began


def _act(act: str, folder: Path, records: int) -> list[str]:
    return [sys.executable, "-m", "bench.sync_real_side", act, str(folder), str(records)]


def side(site: Site, act: str, folder: Path, records: int) -> dict[str, float]:
    """Run one act of bench.sync_real_side in a process of the site."""
    done = subprocess.run(
        _act(act, folder, records), cwd=ROOT, env=site.environment(), check=True, stdout=subprocess.PIPE, text=True
    )
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return seconds


def _morango(records: int, how: str) -> float:
    """Seconds of one push over HTTP on the loopback, SQLite to SQLite."""
    port = str(postgres.free_port())
    with tempfile.TemporaryDirectory(prefix="hall-peer-") as scratch:
        common: list[str] = [scratch, port, str(records)]
        script: list[Any] = [python_of("morango"), "morango_side.py"]
        server = subprocess.Popen(
            [*script, "serve", *common], cwd=SCRIPTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout
            assert server.stdout.readline() == "ready\n"
            done = subprocess.run(
                [*script, "push", *common, how], cwd=SCRIPTS, check=True, stdout=subprocess.PIPE, text=True
            )
        finally:
            there, _ = server.communicate()  # closing its input stops it
        assert json.loads(there.splitlines()[-1])["rows"] == records
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])
