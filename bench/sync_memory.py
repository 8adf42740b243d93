"""Attachments across the gap: memory that does not grow with them, and speed against hashing the same bytes."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import halls, sync_peers
from tools.sites import ROOT, Site

MIB = (256, int(os.environ.get("BENCH_ATTACHMENTS_MIB", "2048")))
# How often the bytes are hashed on the way: plain, sealed and read back; sealed as received, and plain.
PASSES = {"send": 3, "receive": 2}
# How often they are written: the batch's file; a copy of what came, and the blobs.
WRITTEN = {"send": 1, "receive": 2}


def run() -> dict[str, float]:
    """``sync_attachments_over_sha256_…``: speed of a pass over SHA-256's own (larger is better); ``…_over_bare_…``: the same
    passes of SHA-256 and bare writing of as many bytes to the same disk, over our time (larger is better); megabytes of
    memory, as much as the process had when started and at most; ``sync_empty_run_seconds``: nothing waits, the program runs."""
    told: dict[str, float] = {}
    for mib in MIB:
        with tempfile.TemporaryDirectory(prefix="hall-bench-") as scratch:
            outer, inner = (sync_peers.copy(site, Path(scratch)) for site in halls.fresh())
            told |= _measured(outer, inner, mib)
            if mib == MIB[0]:
                told["sync_empty_run_seconds"] = side(inner, "nothing", outer.folder / "empty", 0)["seconds"]
    return told


def _measured(outer: Site, inner: Site, mib: int) -> dict[str, float]:
    folder, told = outer.folder / "bench", {}
    outer.manage("seal_batch", "--to", folder)
    inner.manage("open_batch", folder)
    for waiting in folder.glob("*.zip"):
        waiting.unlink()
    hashing, writing = (side(outer, act, folder, mib)["seconds"] for act in ("digest", "written"))
    for act, site in (("send", outer), ("receive", inner)):
        taken = side(site, act, folder, mib)
        told[f"sync_attachments_over_sha256_{act}_{mib}m"] = PASSES[act] * hashing / taken["seconds"]
        bare = PASSES[act] * hashing + WRITTEN[act] * writing
        told[f"sync_attachments_over_bare_{act}_{mib}m"] = bare / taken["seconds"]
        told[f"sync_attachments_{act}_{mib}m_rss_mb"] = taken["rss_mb"]
        told[f"sync_attachments_{act}_{mib}m_started_mb"] = taken["started_mb"]
    return told


def side(site: Site, act: str, folder: Path, mib: int) -> dict[str, float]:
    """One act of bench.sync_blobs_side in a process of the site."""
    command = [sys.executable, "-m", "bench.sync_blobs_side", act, str(folder), str(mib)]
    done = subprocess.run(command, cwd=ROOT, env=site.environment(), check=True, stdout=subprocess.PIPE, text=True)
    taken: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return taken
