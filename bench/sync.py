"""What the gap costs: signed, sealed, chained and ordered batches against writing the same rows in one go."""

import json
import subprocess
import sys

from bench import halls
from tools.sites import ROOT, Site

RECORDS = 5000


def run() -> dict[str, float]:
    """Seconds over those of one plain bulk INSERT of the same rows (smaller is better).

    ``record`` writes the facts to the outbox, ``seal`` makes the batch files, ``open`` verifies and applies them.
    """
    outer, inner = halls.fresh()
    outer.manage("seal_batch", "--to", outer.going_out)  # what waited before is not measured
    for left_over in outer.going_out.glob("*.zip"):
        inner.manage("open_batch", left_over)
        left_over.unlink()
    sent = _side(outer, "send", str(outer.going_out))
    received = _side(inner, "receive", str(outer.going_out))
    plain = received.pop("plain")
    return {f"sync_{name}_over_insert": seconds / plain for name, seconds in {**sent, **received}.items()}


def _side(site: Site, act: str, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.sync_side", act, folder, str(RECORDS)]
    done = subprocess.run(command, cwd=ROOT, env=site.environment(), check=True, stdout=subprocess.PIPE, text=True)
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return seconds
