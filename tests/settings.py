"""Settings of the tests: a fresh site in a temporary folder, so that ``pytest`` needs no environment at all."""

import os
import tempfile
from pathlib import Path

from hall import site_secrets

os.environ.setdefault("HALL_SIDE", "outer")
# Worker processes of pytest-xdist inherit the variable and share the folder of the session.
if "HALL_TEST_DIR" not in os.environ:
    os.environ["HALL_TEST_DIR"] = tempfile.mkdtemp(prefix="hall-test-")
os.environ["HALL_DATA_DIR"] = os.environ["HALL_TEST_DIR"]
site_secrets.create_missing(Path(os.environ["HALL_DATA_DIR"]))

from hall.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
HALL_PAGE_CACHE_MB = 0  # a test looks at once at what it has changed; tests/hall/test_page_cache.py turns it on
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A real file: the shared in-memory database locks whole tables, so threads could not race as processes do.
    DATABASES["default"]["TEST"] = {"NAME": Path(os.environ["HALL_TEST_DIR"]) / "test.sqlite3"}  # noqa: F405
