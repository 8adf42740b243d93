"""Signed notes of the other site: receipt files."""

from typing import Any

from sync import manifest, notes, receipt_files
from sync.models import Batch
from tests.sync.peer import Peer


def receipt_note(peer: Peer, batch: Batch, head_seq: int | None = None, **fields: Any) -> bytes:
    """The peer's receipt for everything up to ``batch``, as a file."""
    applied = {"applied_seq": batch.seq, "applied_rseq": batch.rseq_last, "chain": batch.chain_after}
    body = peer.receipt(str(batch.stream.epoch), **(applied | fields))
    head = None
    if head_seq is not None:
        head = manifest.Head(stream=str(peer.stream), seq=head_seq, rseq=peer.rseq, chain=peer.chain.hex())
    assert peer.recipient
    note = manifest.ReceiptNote(
        format="zwfw-sync-receipt/1",
        sender=peer.keys.card.side,
        recipient=peer.recipient.side,
        receipt=manifest.ReceiptBody.model_validate(body),
        head=head,
    )
    return notes.pack(receipt_files.CONTEXT, note, peer.keys)
