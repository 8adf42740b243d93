"""Files on their way in: copied, checked, handed to the importer, and kept where they belong."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sync import durable, importer, peers
from sync.batch_file import BatchFile
from sync.failpoints import reach
from sync.importer import Received, Shelf, Verdict
from sync.keys import Card, SiteKeys
from sync.models import InboxBatch, Quarantine, Stream
from sync.reasons import CannotProceed, Refused

LARGEST_FILE = 4 * 1024**3
APPLIED, DUPLICATE, PARKED, REFUSED = "applied", "duplicate", "parked", "refused"
EXIT_CODES = {APPLIED: 0, DUPLICATE: 0, PARKED: 2, REFUSED: 3}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file. ``code`` is a reason of refusal or what a parked batch waits for."""

    file: str
    state: str
    sentence: str
    code: str = ""
    stream: str = ""
    seq: int = 0
    records: int = 0
    dead: int = 0

    @property
    def exit_code(self) -> int:
        """0 applied or already applied, 2 waiting, 3 refused."""
        return EXIT_CODES[self.state]

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return asdict(self)


class NoSuchFile(CannotProceed):
    """There is no file or folder of that name."""


def open_path(path: Path) -> list[Outcome]:
    """Open one batch file, or all batch files of a folder in the order of their content.

    Afterwards everything that waited and now has its turn is applied too. An applied or parked file stays where it
    is (a copy is kept); a refused file is moved to quarantine.
    """
    if not path.exists():
        raise NoSuchFile(f"找不到 {path}。请核对路径，或检查磁盘是否已接好。")
    return open_files(batch_files(path) if path.is_dir() else [path])


def open_files(files: list[Path]) -> list[Outcome]:
    """Open batch files in the order of their content, then whatever waited for them."""
    with _desk() as desk:
        outcomes = desk.drain()
        for file in desk.in_order([file for file in files if file.exists()]):
            outcomes.append(desk.open(file))
            outcomes += desk.drain()
    return outcomes


def batch_files(folder: Path) -> list[Path]:
    """Files of a folder that are or claim to be batches; hidden and part files are left alone."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and not path.name.startswith(".") and path.suffix != ".part" and _looks_like_zip(path)
    ]


def folder(name: str) -> Path:
    """One of this site's folders for received files: inbox, parked, archive, quarantine."""
    return Path(settings.HALL_BATCH_DIR) / name


@contextmanager
def _desk() -> "Iterator[_Desk]":
    """The working folder, to ourselves: a lock keeps a second importer of this machine out."""
    with durable.exclusive(folder("") / ".open.lock"):
        for leftover in folder("inbox").glob("*"):
            leftover.unlink()  # copies of a run that was killed; their originals are where they were
        _keep_late()
        reach("open-begun")
        yield _Desk(peers.site_keys(), peers.signers())


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

    def in_order(self, files: list[Path]) -> list[Path]:
        return sorted(files, key=self._position) if len(files) > 1 else files

    def open(self, source: Path) -> Outcome:
        working = folder("inbox") / f"{secrets.token_hex(8)}.zip"
        if source.stat().st_size > LARGEST_FILE:
            return self._quarantine(source, source, Refused("too_large"))
        try:
            durable.copy(source, working)
            reach("open-copied")
            return self._process(source, working)
        finally:
            working.unlink(missing_ok=True)  # only there when something failed on the way

    def drain(self) -> list[Outcome]:
        """Apply parked batches as long as the next one in order is among them."""
        outcomes: list[Outcome] = []
        while (waiting := self._next_parked()) is not None:
            path = Path(waiting.file_path)
            if not path.is_file():
                waiting.delete()  # lost from the disk: counts as missing and is asked for again
                continue
            outcome = self._process(path, path)
            if outcome.state == REFUSED:
                waiting.delete()
            if outcome.state != PARKED:
                outcomes.append(outcome)
            if outcome.state not in (APPLIED, DUPLICATE):
                break
        return outcomes

    def _next_parked(self) -> InboxBatch | None:
        stream = Stream.objects.filter(direction=Stream.Direction.IN, current=True, frozen="").first()
        if stream is None:
            return None
        return InboxBatch.objects.filter(stream=stream, seq=stream.seq + 1, state=InboxBatch.State.PARKED).first()

    def _process(self, source: Path, working: Path) -> Outcome:
        try:
            with working.open("rb") as handle:
                file = BatchFile(handle, self._signers, self._keys.card)
                file.check_recipient(self._keys.card)
                peers.check_key(file.signer.sign_id, file.batch.seq)
                file.check_data()
                reach("open-verified")
                kept = f"{file.batch.stream[:8]}-{file.batch.seq:010d}-{file.batch.content_root[:8]}.zip"
                shelf = Shelf(applied=str(folder("archive") / kept), parked=str(folder("parked") / kept))
                received = importer.receive(file, self._keys, shelf)
        except Refused as refusal:
            return self._quarantine(source, working, refusal)
        reach("park-committed" if received.verdict is Verdict.PARKED else "apply-committed")
        self._keep(received, working, shelf)
        reach("kept")
        return _outcome(source, file, received)

    def _keep(self, received: Received, working: Path, shelf: Shelf) -> None:
        target = Path(shelf.parked if received.verdict is Verdict.PARKED else shelf.applied)
        if received.verdict is Verdict.DUPLICATE and target.is_file():
            working.unlink()
        elif working != target:  # also a duplicate: a run killed after its commit has kept no file
            durable.move(working, target)

    def _quarantine(self, source: Path, working: Path, refusal: Refused) -> Outcome:
        stamp = timezone.now().strftime("%Y%m%dT%H%M%S%f")
        ending = _readable(source).encode()[-100:].decode("utf-8", "ignore")  # disks count bytes
        target = folder("quarantine") / f"{stamp}-{ending}"
        digest, size = _digest(working), working.stat().st_size
        # A file leaves its place only when it is noted why: until then a killed run is repeated from there.
        if working == source:
            durable.copy(source, target)
        else:
            durable.move(working, target)
        reach("quarantine-moved")
        row = Quarantine.objects.create(
            file_name=_readable(source)[-255:],
            kept_as=str(target),
            size=size,
            sha256=digest,
            code=refusal.code,
            sentence=refusal.sentence[:900],
        )
        reach("quarantine-noted")
        if not _remove(source):
            row.sentence += "原文件在只读介质上，未能移走。"
            row.save(update_fields=["sentence"])
        reach("quarantine-done")
        return Outcome(file=_readable(source), state=REFUSED, code=row.code, sentence=row.sentence)

    def _position(self, path: Path) -> tuple[int, str, int, str]:
        """Readable batches first, by stream and number; the name decides nothing but the order of the unreadable."""
        try:
            with path.open("rb") as handle:
                volume = BatchFile(handle, self._signers, self._keys.card).volume
        except Refused:
            return 1, "", 0, path.name
        return 0, volume.stream, volume.seq, path.name


_APPLIED_SENTENCES = {
    Verdict.APPLIED: "已应用。",
    Verdict.DUPLICATE: "以前已经应用过，这次没有改动任何内容；回执会再发一次。",
}
_WAITING_SENTENCES = {
    InboxBatch.Wait.GAP: "已收下，但前面还缺批次，补齐后会自动应用。请向对端索取缺少的批次。",
    InboxBatch.Wait.UPGRADE: "已收下，但其中有本端尚不认识的内容。请先升级本端软件，升级后会自动应用。",
    InboxBatch.Wait.FROZEN: "已收下，但接收流已冻结。请先与对端管理员核对并处理冻结原因。",
    InboxBatch.Wait.BLOB: "已收下，但缺少其中提到的附件。请让对端重发带有该附件的批次。",
}


def _outcome(source: Path, file: BatchFile, received: Received) -> Outcome:
    batch = file.batch
    if received.verdict is Verdict.PARKED:
        sentence = _WAITING_SENTENCES[InboxBatch.Wait(received.waits_for)]
    else:
        sentence = _APPLIED_SENTENCES[received.verdict]
    if received.dead:
        sentence += f"其中 {received.dead} 条记录无法应用，已记为死信，请在同步页面处理。"
    return Outcome(
        file=_readable(source),
        state=received.verdict.value,
        code=received.waits_for,
        sentence=sentence,
        stream=batch.stream,
        seq=batch.seq,
        records=batch.records,
        dead=received.dead,
    )


def _looks_like_zip(path: Path) -> bool:
    if path.suffix.lower() == ".zip":
        return True
    with path.open("rb") as handle:
        return handle.read(4) == b"PK\x03\x04"


def _readable(path: Path) -> str:
    """The name as it can be kept and printed: a disk written in GB18030 gives names that are no UTF-8."""
    return path.name.encode("utf-8", "replace").decode()


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _remove(source: Path) -> bool:
    try:
        source.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def sentences(outcomes: list[Outcome]) -> Iterator[str]:
    """One line for each outcome, for people."""
    for outcome in outcomes:
        place = f"第 {outcome.seq} 批，{outcome.records} 条记录：" if outcome.seq else ""
        yield f"{outcome.file}：{place}{outcome.sentence}"
