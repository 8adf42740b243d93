"""Files that are whole or not there, also after a power cut: ``.part`` → fsync → rename → fsync of the folder."""

import errno
import fcntl
import glob
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sync import large_files
from sync.failpoints import reach

_SENTENCES = {
    errno.ENOSPC: "磁盘空间不足，未写入任何不完整的内容。请清理磁盘后重试。",
    errno.EDQUOT: "磁盘配额已用完，未写入任何不完整的内容。请联系系统管理员增加配额后重试。",
    errno.EROFS: "目标磁盘是只读的。请检查磁盘的写保护开关。",
    errno.EACCES: "没有读写权限。请检查文件夹的所有者和权限。",
    errno.EPERM: "没有读写权限。请检查文件夹的所有者和权限。",
    errno.ENOENT: "文件或文件夹不存在。请核对路径，或检查磁盘是否已接好。",
    errno.ENOTDIR: "路径中有一部分不是文件夹。请核对路径。",
    errno.EISDIR: "这里应为文件，实为文件夹。请核对路径。",
    errno.EIO: "磁盘读写出错。请更换磁盘后重试。",
}


class Unreadable(OSError):
    """What is to be copied cannot be read: the fault lies with what was brought, not with the disk of this site."""


def explain(error: OSError) -> str:
    """What went wrong with a disk, in Chinese, with the path where it is known."""
    sentence = _SENTENCES.get(error.errno or 0, f"读写文件失败：{error.strerror or error}")
    return sentence + (f"（{error.filename}）" if error.filename else "")


def explain_database(error: Exception) -> str:
    """What a failing database means for the operator."""
    text = str(error)
    if any(sign in text for sign in ("disk is full", "No space left", "could not extend")):
        return "数据库所在磁盘空间不足，本次没有改动任何内容。请清理磁盘后重试。"
    if "no such table" in text or "does not exist" in text:
        return "数据库还没有建表。请先运行：manage.py migrate。"
    return f"数据库暂时不可用，本次没有改动任何内容，请稍后重试。（{text}）"


def fsync_dir(folder: Path) -> None:
    """Make renames in ``folder`` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder and those above it so that they survive a power cut, which a plain mkdir does not promise."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode, exist_ok=True)
        fsync_dir(folder.parent)


def hold(descriptor: int) -> bool:
    """Mark an open part file as in use, until it is closed or the process is gone. False: cleared away just before."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return os.fstat(descriptor).st_nlink > 0


def clear_parts(folder: Path, pattern: str) -> None:
    """Remove part files that nobody holds: their processes were killed. Each may be as large as a disk is."""
    for part in folder.glob(pattern):
        with suppress(FileNotFoundError, BlockingIOError), part.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink()


@contextmanager
def part_file(target: Path, mode: int = 0o640) -> Iterator[large_files.NewFile]:
    """Write ``target`` through a part file; on any error that one is removed and ``target`` is untouched.

    The handle can be read and sought, so that the caller can verify what is there before it gets its name.
    """
    make_folder(target.parent)
    clear_parts(target.parent, f".{glob.escape(target.name)}.*.part")
    part, opened = new_part(target.parent, f".{target.name}.", mode)
    try:
        with opened as handle:
            reach("part-created")
            yield handle
            handle.flush()
            reach("part-written")
            handle.fsync()
            reach("part-fsynced")
            part.replace(target)  # while it is held
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    reach("part-renamed")
    fsync_dir(target.parent)
    reach("part-done")


def new_part(folder: Path, prefix: str, mode: int) -> tuple[Path, large_files.NewFile]:
    """A new part file, held."""
    while True:
        part = folder / f"{prefix}{secrets.token_hex(4)}.part"
        handle = large_files.NewFile(part, mode)
        if hold(handle.fileno()):
            return part, handle
        handle.close()


def copy(source: Path, target: Path) -> None:
    """A durable copy of ``source`` under another name. Unreadable, and no ``target``, when ``source`` cannot be read."""
    with part_file(target) as writer:
        for piece in pieces_of(source):
            writer.write(piece)


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file; Unreadable with its name when they cannot be had."""
    try:
        with path.open("rb") as handle:
            yield from large_files.pieces(handle)
            large_files.done_with(handle)
    except OSError as error:
        raise Unreadable(error.errno, error.strerror, str(path)) from error


def why_unreadable(path: Path) -> Unreadable | None:
    """Why some byte of a file cannot be had, None when all can; reads all of it."""
    try:
        for _ in pieces_of(path):
            pass
    except Unreadable as error:
        return error
    return None


def move(source: Path, target: Path) -> None:
    """Rename durably; an existing ``target`` is replaced. Between two disks: copy, then remove the source."""
    make_folder(target.parent)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy(source, target)
        source.unlink()
    reach("move-renamed")
    fsync_dir(target.parent)


@contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold a lock file; waits until another process on this machine lets it go."""
    make_folder(lock.parent)
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
