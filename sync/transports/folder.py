"""The folder pair of a one-way gate (网闸): batches are laid into one folder, taken from the other.

The gate may empty the outgoing folder whenever it likes, rename files, copy slowly and deliver twice. Nothing is
concluded from a file that is gone from the outgoing folder, nor from the name of one that has come.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sync import container, durable, intake, notes, receipt_files
from sync.models import Batch
from sync.reasons import CannotProceed
from sync.transports.grouping import groups

PATIENCE = 60  # rounds: a gate may well pause in the middle of a file
Stamp = tuple[int, int]


class FolderGone(CannotProceed):
    """The folder is not there: nothing is made in its place, it may be a share that is not mounted."""


@dataclass(slots=True)
class FolderPair:
    """Folder to take from, folder to put into; ``patience`` rounds without a change make a cut file a refused one."""

    source: Path
    target: Path
    patience: int = PATIENCE
    name: str = "folder"
    _unfinished: dict[Path, tuple[Stamp, int]] = field(default_factory=dict)
    _told: dict[Path, Stamp] = field(default_factory=dict)
    _kept: dict[Path, Stamp] = field(default_factory=dict)
    _complaints: list[str] = field(default_factory=list)
    _receipt: int = 0

    def make(self) -> None:
        """Create both folders; done once at the start."""
        for folder in (self.source, self.target):
            durable.make_folder(folder)

    def prepare(self) -> None:
        """Refuse to work without the outgoing folder; lay our newest receipt there when it is a new one."""
        _must_be_there(self.target)
        newest = receipt_files.newest()
        if newest and newest[1] != self._receipt:
            with durable.part_file(self.target / newest[0]) as handle:
                handle.write(newest[2])
            self._receipt = newest[1]

    def send(self, batch: Batch, files: list[Path]) -> None:
        """Lay the files of a batch into the outgoing folder, each whole or not at all."""
        _must_be_there(self.target)
        for file in files:
            durable.copy(file, self.target / file.name)

    def arrived(self) -> Iterator[list[Path]]:
        """Whole files in small groups."""
        _must_be_there(self.source)
        yield from groups(self._ready())

    def put_away(self, files: list[Path]) -> None:
        """Move what was opened to ``done``; refused files are in quarantine already. Nothing received is deleted."""
        for path in files:
            if path.exists():
                self._move(path)

    def keep_back(self, files: list[Path]) -> None:
        """Leave unreadable files where they are, without trying them again in every round."""
        self._kept |= {path: _stamp_or_none(path) for path in files}

    def complaints(self) -> list[str]:
        """What was found since the last call and must be told once."""
        told, self._complaints = self._complaints, []
        return told

    def _move(self, path: Path) -> None:
        try:
            durable.move(path, _free_name(self.source / "done", path))
        except OSError as error:  # a read-only share: remember what was opened, and leave it there
            self._kept[path] = _stamp(path)
            self._tell(path, f"已打开 {path.name}，但不能移走：{durable.explain(error)}")

    def _ready(self) -> list[Path]:
        present = [path for path in sorted(self.source.iterdir()) if _may_be_ours(path)]
        for memory in (self._unfinished, self._told, self._kept):
            for gone in set(memory) - set(present):
                memory.pop(gone, None)
        return [path for path in present if self._is_ready(path)]

    def _is_ready(self, path: Path) -> bool:
        try:
            stamp = _stamp(path)
            if self._kept.get(path) == stamp:
                return False
            with path.open("rb") as handle:
                start = handle.read(4)
                whole = container.looks_complete(handle)
            if path.suffix.lower() != ".zip" and start != b"PK\x03\x04":
                return notes.looks_like_one(path) and _is_whole_note(path)
        except FileNotFoundError:
            return False  # the gate took it back, or another process was quicker
        except OSError as error:
            self._tell(path, f"无法读取 {path.name}：{durable.explain(error)}")
            return False
        return whole or self._given_up(path, stamp)

    def _given_up(self, path: Path, stamp: Stamp) -> bool:
        """Counts rounds, not minutes. A file that goes on growing later is a new file."""
        seen, rounds = self._unfinished.get(path, (stamp, 0))
        rounds = rounds + 1 if seen == stamp else 1
        self._unfinished[path] = (stamp, rounds)
        return rounds > self.patience

    def _tell(self, path: Path, sentence: str) -> None:
        stamp = _stamp_or_none(path)
        if self._told.get(path) != stamp:
            self._told[path] = stamp
            self._complaints.append(sentence)


def _must_be_there(folder: Path) -> None:
    if not folder.is_dir():
        raise FolderGone(f"文件夹 {folder} 不存在。请检查共享或磁盘是否已挂接。")


def _may_be_ours(path: Path) -> bool:
    hidden = path.name.startswith(".") or path.suffix.lower() in (".part", ".tmp")
    return not hidden and not path.is_dir()


def _is_whole_note(path: Path) -> bool:
    with path.open("rb") as handle:
        data = handle.read(notes.LARGEST + 1)
    return data.count(b"\n") == 2


def _stamp(path: Path) -> Stamp:
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns


def _stamp_or_none(path: Path) -> Stamp:
    try:
        return _stamp(path)
    except OSError:
        return -1, 0


def _free_name(folder: Path, path: Path) -> Path:
    """A name in ``folder`` that takes no other file's place; the same bytes may lie there only once."""
    number, target = 1, folder / path.name
    while target.exists() and not intake.same_bytes(target, path):
        number += 1
        target = folder / f"{path.stem}~{number}{path.suffix}"
    return target
