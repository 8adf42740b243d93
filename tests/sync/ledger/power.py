"""A power cut for files: what was not fsynced is undone as far as POSIX allows, just before the process is killed.

Watches the calls of Python: bytes of files opened for writing are lost unless ``fsync`` was called on them after the
last opening, and a new name (created, renamed, folder made) is lost unless its folder was fsynced afterwards. The
database writes from C and is not touched: its own durability is its own affair.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_written: set[str] = set()
_new_names: dict[str, str | None] = {}  # path → where it was before, None when it is new
_real_fsync = os.fsync
_hooked = _watching = False


def watch() -> None:
    """From now on note what is written in this process."""
    global _hooked, _watching
    if not _hooked:  # it can never be taken off again
        sys.addaudithook(_note)
    os.fsync = _fsync
    _hooked = _watching = True


@contextmanager
def watched() -> Iterator[Callable[[], list[str]]]:
    """Inside, this process is watched; the function tells what a power cut would take now."""
    _written.clear()
    _new_names.clear()
    watch()
    try:
        yield lambda: sorted(path for path in {*_written, *_new_names} if Path(path).exists())
    finally:
        _stop()
        os.fsync = _real_fsync


def written() -> set[str]:
    """Files whose bytes are not on the disk, whatever becomes of their names."""
    return _written


def cut() -> None:
    """Undo what was not made to last."""
    _stop()
    for path in _written:
        if Path(path).is_file():
            os.truncate(path, 0)
    for path, before in reversed(_new_names.items()):
        _undo(Path(path), before)


def _stop() -> None:
    global _watching
    _watching = False


def _undo(path: Path, before: str | None) -> None:
    if not path.exists():
        return
    if before is not None:
        path.replace(before)
    elif path.is_dir():
        _empty(path)
    else:
        path.unlink()


def _empty(folder: Path) -> None:
    for inside in sorted(folder.rglob("*"), reverse=True):
        if inside.is_dir():
            inside.rmdir()
        else:
            inside.unlink()
    folder.rmdir()


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if not _watching:
        return
    if event == "open":
        _opened(*arguments)
    elif event == "os.rename":
        source, target = _path(arguments[0]), _path(arguments[1])
        _new_names.pop(source, None)
        _new_names[target] = source
        if source in _written:
            _written.discard(source)
            _written.add(target)
    elif event == "os.link" and not Path(_path(arguments[1])).exists():
        _new_names[_path(arguments[1])] = None
    elif event == "os.mkdir" and not Path(_path(arguments[0])).exists():
        _new_names[_path(arguments[0])] = None
    elif event == "os.remove":
        _written.discard(_path(arguments[0]))
        _new_names.pop(_path(arguments[0]), None)


def _opened(path: Any, _mode: Any, flags: int) -> None:
    if not isinstance(path, str | bytes | os.PathLike) or not flags & (os.O_WRONLY | os.O_RDWR):
        return
    name = _path(path)
    if "hall.sqlite3" in name or name.startswith(("/dev", "/proc")) or name.endswith(".lock"):
        return
    if Path(name).is_dir():  # tempfile opens the folder, and the file inside by its own opener
        return
    if not Path(name).exists():
        _new_names[name] = None
    _written.add(name)


def _fsync(descriptor: int) -> None:
    _real_fsync(descriptor)
    path = str(Path(f"/proc/self/fd/{descriptor}").readlink())
    _written.discard(path)
    for name in [name for name in _new_names if str(Path(name).parent) == path]:
        del _new_names[name]


def _path(path: Any) -> str:
    return str(Path(os.fsdecode(path)).absolute())
