"""What a move costs over the barest change of state: perform's lock, law, person, clocks, event, document and outbox."""

import json
import subprocess
import sys

from bench import halls
from tools import courier
from tools.sites import ROOT

CASES = 120


def run() -> dict[str, float]:
    """``perform_over_update``: seconds of a move over seconds of an UPDATE in a transaction of its own (smaller is better)."""
    outer, inner = halls.fresh()
    outer.manage("demo_traffic", str(CASES))
    courier.carry(outer, inner)
    command = [sys.executable, "-m", "bench.casework_moves", str(CASES)]
    done = subprocess.run(command, cwd=ROOT, env=inner.environment(), check=True, stdout=subprocess.PIPE, text=True)
    ratios: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return ratios
