"""Two sites with the demo city for the measurements, built once a run and removed at its end."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tools import demo_data, postgres, sites
from tools.sites import Site


@cache
def fresh() -> tuple[Site, Site]:
    """The outer and the inner site; their web servers are not started."""
    root = Path(tempfile.mkdtemp(prefix="hall-bench-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    both = sites.pair(root, postgres.free_port(), postgres.free_port(), HALL_DEMO="1", HALL_LOG_LEVEL="ERROR")
    demo_data.build(both, demo_data.without_history())
    return both
