"""The secrets of one site: Django's key and the key that encrypts personal data. Files of mode 0600 under ``keys/``.

They are created on purpose (``manage.py make_keys``), never silently at a start: a new field key beside an old
database would make every stored identity number unreadable.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from hall import environment

PROJECT = Path(__file__).resolve().parent.parent
NAMES = ("secret_key", "field_key")


def data_dir(env: Mapping[str, str]) -> Path:
    """The folder that holds everything of this site: database, files, keys, batches."""
    side = environment.choice(env, "HALL_SIDE", environment.SIDES)
    return environment.folder(env, "HALL_DATA_DIR", PROJECT / "var" / side)


def create_missing(root: Path) -> list[Path]:
    """Write every secret that is not there yet; returns the files written. Existing files are never touched."""
    folder = root / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    for name in NAMES:
        path = folder / name
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as handle:
                handle.write(secrets.token_urlsafe(48))
            written.append(path)
    return written


def read(env: Mapping[str, str], root: Path, name: str) -> str:
    """The secret from ``HALL_<NAME>`` or from its file; ImproperlyConfigured when there is neither."""
    value = env.get(f"HALL_{name.upper()}") or _from_file(root / "keys" / name)
    if not value or len(value) < 32:
        raise ImproperlyConfigured(
            f"找不到本站点的密钥 {name}（{root / 'keys' / name}）。首次部署请运行：manage.py make_keys；"
            "如果这里曾经运行过，请从备份恢复 keys 文件夹，不要重新生成。"
        )
    return value


def _from_file(path: Path) -> str:
    return path.read_text().strip() if path.is_file() else ""
