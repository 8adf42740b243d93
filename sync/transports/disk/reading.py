"""Reading a disk: everything is copied in first, so that nothing is ever written to it."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from sync import arrivals, courier_state, durable, notes, peers, reports
from sync.keys import Card
from sync.reasons import Refused
from sync.reports import Outcome
from sync.transports.disk import contents, copying
from sync.transports.disk.contents import Entry, Index
from sync.transports.disk.limits import FOLDER, NoDisk
from sync.transports.grouping import groups

_OURS = {contents.INDEX, contents.FOR_PEOPLE, contents.FALLBACK}


@dataclass(slots=True)
class Examined:
    """What is on a disk: its table, and what is missing, damaged or not listed."""

    index: Index | None
    files: list[Path]
    complaints: list[str]

    @property
    def whole(self) -> bool:
        """Whether everything that should be there is there."""
        return not self.complaints


@dataclass(slots=True)
class Reading:
    """What became of a disk."""

    index: Index | None
    outcomes: list[Outcome] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def exit_code(readings: list[Reading]) -> int:
    """The worst of all files, at least 3 when a disk is not whole. What waited for a later disk has been applied."""
    outcomes = [outcome for reading in readings for outcome in reading.outcomes]
    settled = {(outcome.stream, outcome.seq) for outcome in outcomes if outcome.exit_code == 0}
    codes = [
        outcome.exit_code
        for outcome in outcomes
        if outcome.state not in (reports.PARKED, reports.PARTIAL) or (outcome.stream, outcome.seq) not in settled
    ]
    return max([3 if any(reading.complaints for reading in readings) else 0, *codes])


def folder_of(root: Path) -> Path:
    """Our folder on a disk, or the disk itself when somebody has copied the files without it."""
    if not root.is_dir():
        raise NoDisk(f"找不到 {root}。请检查磁盘是否已接好、已挂载。")
    inner = root / FOLDER
    return inner if inner.is_dir() else root


def verify(root: Path) -> Examined:
    """Read every file on a disk and compare it with the table, whichever of the two sites has written it."""
    folder = folder_of(root)
    index, complaint = _table(folder, [peers.site_keys().card, *peers.trusted()])
    complaints = [complaint] if complaint else []
    if index is None and not complaint:
        complaints.append("盘上没有目录（INDEX.txt）：可能没有写完。")
    listed = {entry.name: entry for entry in index.files} if index else {}
    for name, entry in listed.items():
        complaints += _compare(folder / name, entry)
    files = _files(folder)
    complaints += [
        f"{path.name} 不在目录里。" for path in files if index and path.name not in listed and _is_batch(path)
    ]
    return Examined(index, files, complaints)


def read(root: Path) -> Reading:
    """Copy in and open everything on a disk. Nothing is written to it, whether it is protected or not."""
    folder = folder_of(root)
    index, complaint = _table(folder, peers.trusted())
    reading = Reading(index, complaints=[complaint] if complaint else [])
    files = _files(folder)
    if index:
        courier_state.heard(index.head)
        reading.complaints += _missing(index, files)
    with _stage() as stage:
        for group in groups(files):
            staged = [copy for path in group if (copy := _copied(path, stage, reading))]
            reading.outcomes += arrivals.open_arrived(staged, handed_over=True)
            for path in staged:
                path.unlink(missing_ok=True)
    return reading


def _table(folder: Path, signers: list[Card]) -> tuple[Index | None, str]:
    code = ""
    for signer in signers:
        try:
            return contents.read(folder, signer, None), ""
        except Refused as refusal:
            code = refusal.code if code in ("", "unknown_key") else code
    return None, f"盘上的目录不可信（{code}）；各文件仍逐个检查。"


def _missing(index: Index, files: list[Path]) -> list[str]:
    present = {path.name for path in files}
    return [f"盘上缺少{entry.place}的 {entry.name}。" for entry in index.files if entry.name not in present]


def _compare(path: Path, entry: Entry) -> list[str]:
    name = f"{entry.place}的 {path.name}" if entry.of > 1 else f" {path.name}"
    try:
        if not path.is_file():
            return [f"盘上缺少{name}。"]
        same = path.stat().st_size == entry.size and copying.digest_of(path) == entry.sha256
    except OSError as error:
        return [f"{path.name}：{durable.explain(error)}"]
    return [] if same else [f"{name.lstrip()} 与目录不符，已损坏。"]


def _files(folder: Path) -> list[Path]:
    """Files to open, in the order of their names; the tables and half files are none."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".") and path.name not in _OURS and _is_wanted(path)
    ]


def _is_batch(path: Path) -> bool:
    return path.suffix.lower() == ".zip"


def _is_wanted(path: Path) -> bool:
    try:
        return _is_batch(path) or notes.looks_like_one(path)
    except OSError:
        return True  # cannot be read: it is named when it is copied


def _copied(path: Path, stage: Path, reading: Reading) -> Path | None:
    target = stage / path.name
    try:
        durable.copy(path, target)
    except OSError as error:
        reading.complaints.append(f"{path.name}：{durable.explain(error)}")
        return None
    return target


@contextmanager
def _stage() -> Iterator[Path]:
    stage = Path(settings.HALL_BATCH_DIR) / "carried" / secrets.token_hex(8)
    stage.mkdir(parents=True)
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)
