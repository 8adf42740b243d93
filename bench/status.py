"""The public's question where a case stands, at 1,000,000 cases against 10,000; on PostgreSQL."""

import json
import subprocess
import sys

from bench import halls
from tools.sites import ROOT

FEW, MANY = 10_000, 1_000_000


def run() -> dict[str, float]:
    """``status_1m_over_10k``: seconds of an answer by number and code, and by the number of a paper, among 1,000,000 (1 is best)."""
    command = [sys.executable, "-m", "bench.status_side", str(FEW), str(MANY)]
    office = halls.office_on_postgres()
    done = subprocess.run(command, cwd=ROOT, env=office.environment(), check=True, stdout=subprocess.PIPE, text=True)
    ratios: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return ratios
