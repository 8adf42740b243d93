"""Files whose transfer broke off: the first bytes are kept under the hash of the whole, so that the peer can go on there.

Nothing is believed of them: only when the whole file has the hash that was signed is a byte of it looked at.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from sync import durable, large_files
from sync.reasons import Refused

MOST = 4
_ENDING = ".half"


def kept() -> list[tuple[str, int]]:
    """Hash of the whole and length of what is here, the newest first."""
    return [(path.stem, size) for path, size in _newest()]


def take(sha256: str, size: int, target: Path) -> None:
    """Move a half to ``target``; Refused unless exactly ``size`` bytes of it are here. Of two requests one gets it."""
    source = _folder() / f"{sha256}{_ENDING}"
    try:
        durable.move(source, target)
    except FileNotFoundError as error:
        raise Refused("wrong_offset", "0") from error
    found = target.stat().st_size
    if found != size:
        _keep(target, sha256)
        raise Refused("wrong_offset", str(found))


def append(target: Path, read: Callable[[int], bytes], size: int, sha256: str) -> None:
    """Write ``size`` more bytes behind ``target`` (made when it is not there) and compare the whole with its hash.

    When the bytes stop coming what is here is kept; when the hash is another one nothing is.
    """
    try:
        with target.open("ab") as handle:
            _receive(handle.write, read, size)
            handle.flush()
            os.fsync(handle.fileno())
    except (OSError, Refused):
        _keep(target, sha256)
        raise
    if large_files.sha256_of(target) != sha256:
        raise Refused("data_hash")
    (_folder() / f"{sha256}{_ENDING}").unlink(missing_ok=True)  # of an earlier attempt


def _receive(write: Callable[[bytes], object], read: Callable[[int], bytes], left: int) -> None:
    while left:
        piece = read(min(large_files.PIECE, left))
        if not piece:
            raise Refused("cut", f"少 {left} 字节")
        write(piece)
        left -= len(piece)


def _keep(target: Path, sha256: str) -> None:
    """Put a half away, and the oldest of too many out: an enrolled peer has one file under way."""
    if not target.stat().st_size:
        return
    durable.move(target, _folder() / f"{sha256}{_ENDING}")
    for old, _ in _newest()[MOST:]:
        old.unlink(missing_ok=True)


def _newest() -> list[tuple[Path, int]]:
    found = []
    for path in _folder().glob(f"*{_ENDING}"):
        with contextlib.suppress(FileNotFoundError):  # taken by another request meanwhile
            stat = path.stat()
            found.append((stat.st_mtime_ns, path, stat.st_size))
    return [(path, size) for _, path, size in sorted(found, reverse=True)]


def _folder() -> Path:
    return Path(settings.HALL_BATCH_DIR) / "half"
