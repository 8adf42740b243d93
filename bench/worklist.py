"""The officers' list at 100,000 open cases against 1,000: every tab, every order of it, and finding; on PostgreSQL."""

import json
import subprocess
import sys

from bench import halls
from tools.sites import ROOT

FEW, MANY = 1_000, 100_000


def run() -> dict[str, float]:
    """``worklist_p95_100k_over_1k``: p95 of the requests of three officers over 100,000 open cases, over 1,000 (1 is best)."""
    command = [sys.executable, "-m", "bench.worklist_side", str(FEW), str(MANY)]
    office = halls.office_on_postgres()
    office.manage_all("collectstatic --no-input --verbosity 0")
    done = subprocess.run(command, cwd=ROOT, env=office.environment(), check=True, stdout=subprocess.PIPE, text=True)
    ratios: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return ratios
