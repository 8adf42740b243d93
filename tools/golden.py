"""Makes the golden batches of the present writer: ``python -m tools.golden``, at a release, into tests/sync/golden/<writer>/.

A released set must never be made again, nor changed by hand: it proves that what was sent once is understood for good.
As long as the writer's version is not released its set may be made anew, whenever the format or a payload has changed.
Look at the difference of expected.json before you commit it.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAKER = "tests/applications/joint/golden_maker.py"
READER = "tests/sync/test_golden.py"


def main() -> int:
    """Make the batches with today's writers, then let today's reader say what became of them."""
    environment = os.environ | {"MAKE_GOLDEN": "1"}
    for module in (MAKER, READER):
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", module], cwd=ROOT, env=environment, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
