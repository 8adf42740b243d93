"""Whatever came from the peer, by whatever way: batches go to the intake, receipt files to the receipts."""

from pathlib import Path

from sync import courier_state, intake, notes, receipt_files
from sync.intake import Outcome
from sync.reasons import Refused

RECEIPT = "receipt"


def open_arrived(files: list[Path]) -> list[Outcome]:
    """Open batches and receipt files; a verified one counts as a sign of life. Refused ones go to quarantine."""
    receipts = [path for path in files if path.exists() and notes.looks_like_one(path)]
    outcomes = [_receipt(path) for path in receipts]
    opened = intake.open_files([path for path in files if path not in receipts])
    for outcome in opened:
        if outcome.state != intake.REFUSED:
            courier_state.heard(opened=True)
    return outcomes + opened


def _receipt(path: Path) -> Outcome:
    try:
        note = receipt_files.take(path.read_bytes())
    except Refused as refusal:
        return intake.refuse(path, refusal)
    sentence = f"回执已收下：对端已应用到第 {note.receipt.applied_seq} 批。"
    return Outcome(file=path.name, state=intake.APPLIED, code=RECEIPT, sentence=sentence)
