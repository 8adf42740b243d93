"""The key files of a change: ``next`` ones that are made, become the present ones, and leave the old ones behind.

Every step can be repeated after a crash: a file is there under its old name until it is there under its new one.
"""

import os
from pathlib import Path

from sync import durable, key_files, keys, suites
from sync.keys import NEXT


def prepare(data_dir: Path, passphrase: str) -> bool:
    """Make the keys that are to follow; False when they were there."""
    suite, place = suites.named(keys.suite_of(data_dir)), keys.folder(data_dir)
    makers = {keys.SEAL_FILE: suite.new_seal_key} if suite.seal_size else {}
    makers[keys.SIGN_FILE] = suite.new_sign_key  # last: keys.load takes it for the sign that all is there
    missing = {NEXT[name]: make for name, make in makers.items() if not (place / NEXT[name]).exists()}
    for name, make in missing.items():
        key_files.write(place / name, make(), passphrase)
    return bool(missing)


def settle(data_dir: Path, old: keys.Card) -> None:
    """Put the announced keys in the place of ``old``, which stay readable under their ids."""
    place = keys.folder(data_dir)
    for name, key_id in ((keys.SEAL_FILE, old.seal_id), (keys.SIGN_FILE, old.sign_id)):
        if (place / NEXT[name]).exists():
            set_aside(place / name, key_id)
            (place / NEXT[name]).replace(place / name)
            durable.fsync_dir(place)


def set_aside(present: Path, key_id: str) -> None:
    """A second name for a key file that is about to be replaced."""
    kept = present.with_name(f"{present.stem}.{key_id}.pem")
    if not kept.exists():
        os.link(present, kept)


def drop(data_dir: Path, name: str, key_id: str) -> bool:
    """Destroy an old key file; False when there is none."""
    path = keys.folder(data_dir) / f"{Path(name).stem}.{key_id}.pem"
    if not path.exists():
        return False
    path.unlink()
    durable.fsync_dir(path.parent)
    return True
