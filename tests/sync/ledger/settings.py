"""A site with nothing but sync and the ledger: starts in a moment."""

import os
from pathlib import Path

import dj_database_url

HALL_SIDE = os.environ["HALL_SIDE"]
HALL_PEER_SIDE = "inner" if HALL_SIDE == "outer" else "outer"
HALL_DATA_DIR = Path(os.environ["HALL_DATA_DIR"])
HALL_SUITE = os.environ.get("HALL_SUITE", "intl")
HALL_BATCH_DIR = HALL_DATA_DIR / "batches"
HALL_FIELD_KEY = SECRET_KEY = f"only for the {HALL_SIDE} site of a test, which is thrown away"
INSTALLED_APPS = ["sync.apps.SyncConfig", "tests.sync.ledger.apps.LedgerConfig"]
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA foreign_keys=ON;",
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
