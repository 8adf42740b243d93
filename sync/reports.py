"""What became of files that came, and how the operator is told."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from sync import durable, manifest, quarantine
from sync.batch_file import BatchFile
from sync.importer import Received, Verdict
from sync.models import InboxBatch, InboxVolume
from sync.reasons import REASONS, Refused

APPLIED, DUPLICATE, PARTIAL, PARKED, REFUSED = "applied", "duplicate", "partial", "parked", "refused"
UNREADABLE = "unreadable"  # left where it is: there is nothing that could be kept
EXIT_CODES = {APPLIED: 0, DUPLICATE: 0, PARTIAL: 2, PARKED: 2, REFUSED: 3, UNREADABLE: 3}


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
        """0 applied or already applied, 2 waiting, 3 refused or unreadable: another copy is needed."""
        return EXIT_CODES[self.state]

    def as_json(self) -> dict[str, object]:
        """For ``--json``."""
        return asdict(self)


def unreadable(path: Path, error: OSError) -> Outcome:
    """What to say of a file that came and cannot be read."""
    sentence = f"{REASONS[UNREADABLE]}（{durable.explain(error)}）"
    return Outcome(file=quarantine.readable(path), state=UNREADABLE, code=UNREADABLE, sentence=sentence)


def kept_unreadable(path: Path, error: OSError) -> Outcome:
    """What to say of a file that this site has kept until its turn, and whose disk does not give it back."""
    sentence = f"已收下的文件现在读不出来，当作没有收到，会请对端重发。请检查本站点的磁盘。（{durable.explain(error)}）"
    return Outcome(file=quarantine.readable(path), state=UNREADABLE, code=UNREADABLE, sentence=sentence)


def refused(source: Path, working: Path, refusal: Refused) -> Outcome:
    """Put ``working`` into the quarantine, with its reason."""
    row = quarantine.keep(source, working, refusal)
    return Outcome(file=quarantine.readable(source), state=REFUSED, code=row.code, sentence=row.sentence)


def sentences(outcomes: list[Outcome]) -> Iterator[str]:
    """One line for each outcome, for people."""
    for outcome in outcomes:
        place = f"第 {outcome.seq} 批，{outcome.records} 条记录：" if outcome.seq else ""
        yield f"{outcome.file}：{place}{outcome.sentence}"


_APPLIED_SENTENCES = {
    Verdict.APPLIED: "已应用。",
    Verdict.DUPLICATE: "以前已经应用过，这次没有改动任何内容；回执会再发一次。",
}
_WAITING_SENTENCES = {
    InboxBatch.Wait.GAP: "已收下，但前面还缺批次，补齐后会自动应用。请向对端索取缺少的批次。",
    InboxBatch.Wait.UPGRADE: "已收下，但其中有本端尚不认识的内容。请先升级本端软件，升级后会自动应用。",
    InboxBatch.Wait.FROZEN: "已收下，但接收流已冻结。请先与对端管理员核对并处理冻结原因。",
    InboxBatch.Wait.EPOCH: "已收下。对端恢复过备份，开始了新纪元：请运行 manage.py approve_epoch 核对差异，批准以后自动应用。",
    InboxBatch.Wait.BLOB: "已收下，但缺少其中提到的附件。请让对端重发带有该附件的批次。",
    InboxBatch.Wait.HALTED: "已收下，但其中一条记录无法应用，而这类记录不得跳过，接收在此停下。请查明原因；处理好以后再打开时会自动继续。",
}


def volume_again(source: Path, file: BatchFile) -> Outcome:
    """A volume of a batch that was applied before."""
    return _of_volume(source, file, DUPLICATE, _APPLIED_SENTENCES[Verdict.DUPLICATE])


def volume_kept(source: Path, file: BatchFile, here: list[InboxVolume]) -> Outcome:
    """A volume that waits for the others of its batch; ``here`` are those that have come."""
    return _of_volume(source, file, PARTIAL, _partial_sentence(file, here))


def _of_volume(source: Path, file: BatchFile, state: str, sentence: str) -> Outcome:
    volume = file.volume
    return Outcome(
        file=quarantine.readable(source),
        state=state,
        sentence=f"第 {volume.vol} 卷：{sentence}",
        code="volume" if state == PARTIAL else "",
        stream=volume.stream,
        seq=volume.seq,
    )


def _partial_sentence(file: BatchFile, here: list[InboxVolume]) -> str:
    if any(row.last for row in here):
        total = max(row.vol for row in here if row.last)
        lacking = sorted(set(range(1, total + 1)) - {row.vol for row in here})
        numbers = "、".join(map(str, lacking[:20])) or "（各卷不是同一次生成的，请对端重新发出整批）"
        return f"已收下。这一批共 {total} 卷，还缺第 {numbers} 卷，到齐后自动应用。"
    return f"已收下。这一批有多卷，已到 {len(here)} 卷，末卷还没有到，到齐后自动应用。"


def of_batch(source: Path, batch: manifest.Batch, received: Received) -> Outcome:
    """A batch that was applied, known or parked."""
    if received.verdict is Verdict.PARKED:
        sentence = _WAITING_SENTENCES[InboxBatch.Wait(received.waits_for)]
    else:
        sentence = _APPLIED_SENTENCES[received.verdict]
    if received.dead:
        sentence += f"其中 {received.dead} 条记录无法应用，已记为死信，请在同步页面处理。"
    return Outcome(
        file=quarantine.readable(source),
        state=received.verdict.value,
        code=received.waits_for,
        sentence=sentence,
        stream=batch.stream,
        seq=batch.seq,
        records=batch.records,
        dead=received.dead,
    )
