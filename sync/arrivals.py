"""Whatever came from the peer, by whatever way: batches go to the intake, receipt files to the receipts."""

from pathlib import Path

from sync import courier_state, durable, intake, notes, receipt_files, reports
from sync.reasons import Refused
from sync.reports import Outcome

RECEIPT = "receipt"


def open_arrived(files: list[Path], *, handed_over: bool = False) -> list[Outcome]:
    """Open batches and receipt files; a verified one counts as a sign of life. Refused ones go to quarantine.
    For ``handed_over`` see ``intake.open_files``."""
    receipts = [path for path in files if _is_receipt(path)]
    outcomes = [_receipt(path) for path in receipts]
    opened = intake.open_files([path for path in files if path not in receipts], handed_over=handed_over)
    for outcome in opened:
        if outcome.state not in (reports.REFUSED, reports.UNREADABLE):
            courier_state.heard(opened=True)
    return outcomes + opened


def _is_receipt(path: Path) -> bool:
    try:
        return notes.looks_like_one(path)
    except OSError:
        return False  # the intake names what it cannot read


def _receipt(path: Path) -> Outcome:
    try:
        note = receipt_files.take(b"".join(durable.pieces_of(path)))
    except durable.Unreadable as error:
        return reports.unreadable(path, error)
    except Refused as refusal:
        return intake.refuse(path, refusal)
    sentence = f"回执已收下：对端已应用到第 {note.receipt.applied_seq} 批。"
    return Outcome(file=path.name, state=reports.APPLIED, code=RECEIPT, sentence=sentence)
