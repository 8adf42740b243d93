"""A site with nothing but sync and the ledger: starts in a moment."""

import os
from pathlib import Path

import dj_database_url

HALL_SIDE = os.environ["HALL_SIDE"]
HALL_PEER_SIDE = "inner" if HALL_SIDE == "outer" else "outer"
HALL_DATA_DIR = Path(os.environ["HALL_DATA_DIR"])
HALL_SUITE = os.environ.get("HALL_SUITE", "intl")
HALL_BATCH_DIR = HALL_DATA_DIR / "batches"
HALL_BATCH_VOLUME_MB = int(os.environ.get("HALL_BATCH_VOLUME_MB", "64"))
HALL_MARK_FILE = os.environ.get("HALL_MARK_FILE", "")
HALL_SYNC_IN_DIR = HALL_SYNC_OUT_DIR = None
HALL_SYNC_PUSH_URL = os.environ.get("HALL_SYNC_PUSH_URL", "")
HALL_SYNC_PUSH_ACCEPT, HALL_SYNC_PUSH_MAX_MB, HALL_SYNC_PUSH_SECONDS = False, 68, 30
HALL_SYNC_HEARTBEAT_MINUTES, HALL_SYNC_SILENCE_MINUTES, HALL_SYNC_REPEAT = 10, 60, 0
HALL_FIELD_KEY = SECRET_KEY = f"only for the {HALL_SIDE} site of a test, which is thrown away"
INSTALLED_APPS = ["sync.apps.SyncConfig", "tests.sync.ledger.apps.LedgerConfig"]
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HALL_DATA_DIR / "files"},
    }
}
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
