"""The hall's settings for checkers that only read the code: no data, throw-away secrets, any side."""

import os
import tempfile

os.environ.setdefault("HALL_SIDE", "outer")
os.environ.setdefault("HALL_DATA_DIR", tempfile.gettempdir())
for name in ("HALL_SECRET_KEY", "HALL_FIELD_KEY"):
    os.environ.setdefault(name, "only-for-checkers-never-for-a-site-0123456789-abcdefghij")

from hall.settings import *  # noqa: E402, F403
