"""Files that somebody brought, on a disk that may be failing: found without stumbling over the ones that cannot be read."""

from pathlib import Path

from sync import durable


def batch_files(folder: Path) -> list[Path]:
    """Files of a folder that are or claim to be batches; hidden and part files are left alone."""
    return [
        path
        for path in sorted(folder.iterdir())
        if not path.name.startswith(".") and path.suffix != ".part" and _may_be_a_batch(path)
    ]


def size_of(path: Path) -> int:
    """Length in bytes; durable.Unreadable when not even that can be had."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise durable.Unreadable(error.errno, error.strerror, str(path)) from error


def is_there(path: Path) -> bool:
    """Whether there is something of this name, readable or not."""
    try:
        return path.exists()
    except OSError:
        return True  # it is named when it is opened


def _may_be_a_batch(path: Path) -> bool:
    try:
        if not path.is_file() or path.suffix.lower() == ".zip":
            return path.is_file()
        with path.open("rb") as handle:
            return handle.read(4) == b"PK\x03\x04"
    except FileNotFoundError:
        return False  # another importer was quicker
    except OSError:
        return True
