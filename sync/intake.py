"""Files on their way in: copied, checked, handed to the importer, and kept where they belong."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import Q

from sync import (
    brought,
    durable,
    importer,
    large_files,
    marks,
    peers,
    quarantine,
    receipts,
    reports,
    trusting,
    volumes_in,
)
from sync.batch_file import BatchFile, WholeBatch
from sync.failpoints import reach
from sync.importer import Received, Shelf, Verdict
from sync.keys import Card, SiteKeys
from sync.models import InboxBatch, InboxVolume, Quarantine, Stream
from sync.reasons import CannotProceed, Refused
from sync.reports import APPLIED, DUPLICATE, PARKED, REFUSED, Outcome
from sync.volumes_in import Place

LARGEST_FILE = 4 * 1024**3


class NoSuchFile(CannotProceed):
    """There is no file or folder of that name."""


def open_path(path: Path, *, handed_over: bool = False) -> list[Outcome]:
    """Open one batch file, or all batch files of a folder in the order of their content.

    Afterwards everything that waited and now has its turn is applied too. An applied or parked file stays where it
    is (a copy is kept); a refused file is moved to quarantine; one that cannot be read is named and left alone.
    For ``handed_over`` see ``open_files``.
    """
    if not path.exists():
        raise NoSuchFile(f"找不到 {path}。请核对路径，或检查磁盘是否已接好。")
    return open_files(brought.batch_files(path) if path.is_dir() else [path], handed_over=handed_over)


def open_files(files: list[Path], *, handed_over: bool = False) -> list[Outcome]:
    """Open batch files in the order of their content, then whatever waited for them.

    Files that are ``handed_over`` are copies that this site has made itself, fsynced: they are taken as they are instead
    of being copied once more. Nobody else may be able to write into them, and the sender has them still.
    """
    with _desk() as desk:
        outcomes = desk.drain()
        for file in desk.in_order([file for file in files if brought.is_there(file)]):
            outcomes.append(desk.open(file, handed_over=handed_over))
            outcomes += desk.drain()
    return outcomes


def refuse(path: Path, refusal: Refused) -> Outcome:
    """Put a file that came to the quarantine, with its reason."""
    working = folder("quarantine") / f".{secrets.token_hex(8)}"  # a copy: the original may be write-protected
    durable.copy(path, working)
    return reports.refused(path, working, refusal)


def same_bytes(one: Path, other: Path) -> bool:
    """Whether two files have the same content."""
    return large_files.sha256_of(one) == large_files.sha256_of(other)


def folder(name: str) -> Path:
    """One of this site's folders for received files: inbox, parked, archive, quarantine."""
    return Path(settings.HALL_BATCH_DIR) / name


@contextmanager
def _desk() -> "Iterator[_Desk]":
    """The working folder, to ourselves: a lock keeps a second importer of this machine out."""
    with durable.exclusive(folder("") / ".open.lock"):
        for leftover in folder("inbox").glob("*"):
            leftover.unlink()  # copies of a run that was killed; their originals are where they were, or with the sender
        volumes_in.archive_passed()
        _keep_late()
        reach("open-begun")
        trusting.settle()
        desk = _Desk(peers.site_keys(), peers.signers())
        receipts.settle()
        yield desk


def _keep_late() -> None:
    """Bring to the archive what a killed run has applied but left among the waiting."""
    for path in folder("parked").glob("*.zip"):
        kept = folder("archive") / path.name
        if InboxBatch.objects.filter(state=InboxBatch.State.APPLIED, file_path=str(kept)).exists():
            durable.move(path, kept)


class _Desk:
    """Opens files one at a time."""

    def __init__(self, keys: SiteKeys, signers: list[Card]) -> None:
        self._keys, self._signers = keys, signers
        self._sick: list[Outcome] = []
        self._looked_at: set[Path] = set()  # volumes whose data this run has compared with what was signed

    def in_order(self, files: list[Path]) -> list[Path]:
        return sorted(files, key=self._position) if len(files) > 1 else files

    def open(self, source: Path, *, handed_over: bool) -> Outcome:
        working = folder("inbox") / f"{secrets.token_hex(8)}.zip"
        try:
            if outcome := _not_taken(source, working, handed_over=handed_over):
                return outcome
            reach("open-copied")
            return self._process(source, working)
        finally:
            working.unlink(missing_ok=True)  # only there when something failed on the way

    def drain(self) -> list[Outcome]:
        """Apply parked batches as long as the next one in order is among them."""
        outcomes = self._again()
        while (waiting := self._next_parked()) is not None:
            paths = self._parked_files(waiting)
            if not paths or not self._readable(paths):
                waiting.delete()  # lost from the disk: counts as missing and is asked for again
                continue
            outcome = self._receive(paths[-1], paths)
            if outcome.state == REFUSED:
                waiting.delete()
            if outcome.state != PARKED:
                outcomes.append(outcome)
            if outcome.state not in (APPLIED, DUPLICATE):
                break
            outcomes += self._again()
        if self._sick:
            receipts.ask_again()
        outcomes += self._sick
        self._sick = []
        return outcomes

    def _readable(self, paths: list[Path]) -> bool:
        """Whether our own disk gives back what it keeps. A volume that it does not is forgotten, and asked for again."""
        found = [(path, durable.why_unreadable(path)) for path in paths if path not in self._looked_at]
        for path, error in found:
            if error:
                self._forget(path, error)
        return not any(error for _, error in found)

    def _forget(self, path: Path, error: OSError) -> None:
        InboxVolume.objects.filter(file_path=str(path)).delete()
        self._sick.append(reports.kept_unreadable(path, error))

    def _again(self) -> list[Outcome]:
        """Refused files of a key or a stream that was not known then: the batch that announced it came later."""
        key = Q(code="unknown_key", signer__in=[card.sign_id for card in self._signers])
        streams = Stream.objects.filter(direction=Stream.Direction.IN)
        stream = Q(code="unknown_stream", epoch__in=streams.values("epoch"))
        rows = Quarantine.objects.filter(key | stream).order_by("pk")
        return [outcome for row in list(rows) if (outcome := self._once_more(row))]

    def _once_more(self, row: Quarantine) -> Outcome | None:
        path = Path(row.kept_as)
        outcome = self._process(path, path) if path.is_file() and self._readable([path]) else None
        row.delete()
        return outcome

    def _next_parked(self) -> InboxBatch | None:
        stream = Stream.objects.filter(direction=Stream.Direction.IN, current=True, frozen="").first()
        if stream is None:
            return None
        return InboxBatch.objects.filter(stream=stream, seq=stream.seq + 1, state=InboxBatch.State.PARKED).first()

    def _parked_files(self, waiting: InboxBatch) -> list[Path]:
        """All files of a parked batch in their order; none when one of them is gone."""
        here = volumes_in.rows(Place(waiting.stream.epoch, waiting.seq))
        if not here:
            path = Path(waiting.file_path)
            return [path] if path.is_file() else []
        return self._complete(here)

    def _process(self, source: Path, working: Path) -> Outcome:
        """A file that has just come: a whole batch, or one volume of several."""
        try:
            with working.open("rb") as handle:
                file = self._checked(handle)
                if not file.is_alone:
                    file.check_data()
                    large_files.done_with(handle)  # it waits for others
                    passed = importer.is_passed(Place.of(file).epoch, file.volume.seq)
        except Refused as refusal:
            return reports.refused(source, working, refusal)
        if file.is_alone:
            return self._receive(source, [working])
        if passed and not file.volume.last:
            working.unlink()  # what it says can only be compared by its last volume
            return reports.volume_again(source, file)
        return self._join(source, file, working, passed=passed)

    def _join(self, source: Path, file: BatchFile, working: Path, *, passed: bool) -> Outcome:
        """Keep one of several volumes; receive the batch when this one makes it complete."""
        place = Place.of(file)
        kept = volumes_in.keep(file, working)
        self._looked_at.add(kept)
        here = volumes_in.rows(place)
        paths = [kept] if passed else self._complete(here)
        if paths and self._readable(paths):
            return self._receive(source, paths)
        return reports.volume_kept(source, file, volumes_in.rows(place))

    def _complete(self, here: list[InboxVolume]) -> list[Path]:
        """The files of a batch of which all volumes are here, by the list in its last one; none otherwise."""
        for last in [row for row in here if row.last]:
            try:
                with Path(last.file_path).open("rb") as handle:
                    hashes = self._checked(handle).batch.volumes
            except Refused:  # it was good when it came: its key was taken back, or the disk has changed it
                continue
            except OSError as error:
                self._forget(Path(last.file_path), error)
                continue
            found = volumes_in.chosen(hashes, here)
            if found:
                return [Path(row.file_path) for row in found]
        return []

    def _checked(self, handle: IO[bytes]) -> BatchFile:
        """Shape, signatures, recipient and key are good; the data has not been looked at."""
        file = BatchFile(handle, self._signers, self._keys)
        file.check_recipient(self._keys)
        peers.check_key(file.signer.sign_id, file.volume.stream, file.volume.seq)
        return file

    def _receive(self, source: Path, paths: list[Path]) -> Outcome:
        """Hand a batch to the importer: all its files in their order, or the last one when it was applied before."""
        try:
            with ExitStack() as stack:
                handles = [stack.enter_context(path.open("rb")) for path in paths]
                files = [self._checked(handle) for handle in handles]
                for path, file in zip(paths, files, strict=True):
                    if path not in self._looked_at:  # volumes that have waited: a disk may have changed them
                        file.check_data()
                whole = WholeBatch(files)
                kept = f"{whole.batch.stream[:8]}-{whole.batch.seq:010d}-{whole.batch.content_root[:8]}.zip"
                shelf = Shelf(applied=str(folder("archive") / kept), parked=str(folder("parked") / kept))
                if not files[-1].is_alone:
                    shelf = Shelf(applied=str(folder("archive") / paths[-1].name), parked=str(paths[-1]))
                reach("open-verified")
                received = importer.receive(whole, self._keys, shelf)
                for handle in handles:
                    large_files.done_with(handle)
        except Refused as refusal:
            return self._refuse(source, paths, refusal)
        reach("park-committed" if received.verdict is Verdict.PARKED else "apply-committed")
        self._keep(received, files[-1], paths, shelf)
        reach("kept")
        if received.verdict is Verdict.APPLIED:
            marks.note()
        if whole.batch.new_keys:
            self._signers = peers.signers()
        return reports.of_batch(source, whole.batch, received)

    def _keep(self, received: Received, last: BatchFile, paths: list[Path], shelf: Shelf) -> None:
        if not last.is_alone:
            if received.verdict is not Verdict.PARKED:
                volumes_in.archive(Place.of(last))
            return
        target = Path(shelf.parked if received.verdict is Verdict.PARKED else shelf.applied)
        if received.verdict is Verdict.DUPLICATE and target.is_file():
            paths[-1].unlink()
        elif paths[-1] != target:  # also a duplicate: a run killed after its commit has kept no file
            durable.move(paths[-1], target)

    def _refuse(self, source: Path, paths: list[Path], refusal: Refused) -> Outcome:
        """Quarantine every file of a refused batch; the outcome is that of the one which came last."""
        outcomes = [reports.refused(source if len(paths) == 1 else path, path, refusal) for path in paths]
        if len(paths) > 1:
            InboxVolume.objects.filter(file_path__in=[str(path) for path in paths]).delete()
            quarantine.remove(source)
        return replace(outcomes[-1], file=quarantine.readable(source))

    def _position(self, path: Path) -> tuple[int, str, int, str]:
        """Readable batches first, by stream and number; the name decides nothing but the order of the unreadable."""
        try:
            with path.open("rb") as handle:
                volume = BatchFile(handle, self._signers, self._keys).volume
        except (Refused, OSError):
            return 1, "", 0, path.name
        return 0, volume.stream, volume.seq, f"{volume.vol:04d}"


def _not_taken(source: Path, working: Path, *, handed_over: bool) -> Outcome | None:
    """Take a file that came; what became of it when that cannot be done. A disk of this site that fails is an OSError."""
    try:
        if brought.size_of(source) > LARGEST_FILE:
            return reports.refused(source, source, Refused("too_large"))
        durable.move(source, working) if handed_over else durable.copy(source, working)
    except durable.Unreadable as error:
        return reports.unreadable(source, error)
    return None
