"""Two sites with the demo city for the measurements, built once a run and removed at its end."""

import atexit
import shutil
import tempfile
from contextlib import ExitStack
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


@cache
def office_on_postgres() -> Site:
    """An inner site of its own on PostgreSQL, durable as an office runs it, with the demo city and no cases."""
    root = Path(tempfile.mkdtemp(prefix="hall-bench-"))
    stack = ExitStack()
    atexit.register(stack.close)
    stack.callback(shutil.rmtree, root, ignore_errors=True)
    extra = {
        "HALL_DEMO": "1",
        "HALL_LOG_LEVEL": "ERROR",
        "DATABASE_URL": stack.enter_context(postgres.cluster(durable=True)),
    }
    office = Site("inner", root / "inner", postgres.free_port(), f"http://127.0.0.1:{postgres.free_port()}", extra)
    office.manage_all("make_keys", "migrate --no-input --verbosity 0", "createcachetable", "load_demo")
    return office
