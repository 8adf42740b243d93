"""What ``tick`` costs where nothing is due: 100,000 open cases against 1,000, on PostgreSQL."""

import json
import subprocess
import sys

from bench import halls
from tools.sites import ROOT

FEW, MANY = 1_000, 100_000


def run() -> dict[str, float]:
    """``tick_100k_over_1k``: seconds of a run over 100,000 open cases that are not due, over those of 1,000 (1 is best)."""
    command = [sys.executable, "-m", "bench.tick_side", str(FEW), str(MANY)]
    office = halls.office_on_postgres()
    done = subprocess.run(command, cwd=ROOT, env=office.environment(), check=True, stdout=subprocess.PIPE, text=True)
    ratios: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return ratios
