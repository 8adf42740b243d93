"""The key files of a change: ``next`` ones that are made, become the present ones, and leave the old ones behind.

Every step can be repeated after a crash: a file is there under its old name until it is there under its new one.
"""

import os
from pathlib import Path

from sync import durable, key_files, keys, suites
from sync.keys import NEXT

FRESH = {keys.SIGN_FILE: "sync_sign.fresh.pem", keys.SEAL_FILE: "sync_seal.fresh.pem"}
REVOKED = ".revoked.pem"


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
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    durable.fsync_dir(path.parent)
    return True


def make_fresh(data_dir: Path, passphrase: str) -> None:
    """Make the keys that are to replace stolen ones at once; those of an attempt that was broken off are used."""
    suite, place = suites.named(keys.suite_of(data_dir)), keys.folder(data_dir)
    if not (place / FRESH[keys.SIGN_FILE]).exists():  # written last, hence all is there
        if suite.seal_size:
            key_files.write(place / FRESH[keys.SEAL_FILE], suite.new_seal_key(), passphrase)
        key_files.write(place / FRESH[keys.SIGN_FILE], suite.new_sign_key(), passphrase)


def replace_at_once(data_dir: Path, stolen: keys.Card) -> None:
    """Put the fresh keys in the place of the ``stolen`` ones. Nothing can be signed any more by any key there was before.

    Signature keys stay as ``*.revoked.pem`` for whoever investigates; decryption keys stay in use, because batches
    sealed to them are on their way.
    """
    place = keys.folder(data_dir)
    sign, seal = Path(keys.SIGN_FILE), Path(keys.SEAL_FILE)
    for old in place.glob(f"{sign.stem}.{'[0-9a-f]' * 16}.pem"):
        old.replace(old.with_suffix(REVOKED))
    for name in NEXT.values():  # nobody but the thief has heard of them
        (place / name).unlink(missing_ok=True)
    if (place / FRESH[keys.SEAL_FILE]).exists():
        set_aside(place / seal, stolen.seal_id)
        (place / FRESH[keys.SEAL_FILE]).replace(place / seal)
    kept = place / f"{sign.stem}.{stolen.sign_id}{REVOKED}"
    if not kept.exists():
        os.link(place / sign, kept)
    durable.fsync_dir(place)
    (place / FRESH[keys.SIGN_FILE]).replace(place / sign)
    durable.fsync_dir(place)
