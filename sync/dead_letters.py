"""What the operator can do with a record that could not be applied: try again, or give it up and say why.

There is no way to change a received record: it is signed and stays in the chain. What is wrong in it is put right where it
was made, by a new fact.
"""

from django.db import transaction
from django.utils import timezone

from sync import chain, receipts, rejections
from sync.applying import try_record
from sync.models import DeadLetter, InboxRecord, Stream


def retry(letter_id: int, by: str) -> bool:
    """Apply the record now, then those parked behind it; False (with the new reason noted) when it fails again."""
    with transaction.atomic():
        letter = _locked(letter_id)
        reason = try_record(_record(letter.record))
        letter.attempts += 1
        if reason:
            letter.reason = reason
            letter.save(update_fields=["attempts", "reason"])
            return False
        _settle(letter, InboxRecord.State.APPLIED, by, "重试成功")
        return True


def retry_all() -> None:
    """Try again what may have failed only because the peer had not yet given back what a restored backup lost.

    Of every key, and as long as anything is done: what a package brought back is wanted by the cases of its members, what
    changed a licence by the case that it was granted in.
    """
    while _retry_each():
        pass


def _retry_each() -> bool:
    """Whether any of them could be applied."""
    letters = DeadLetter.objects.filter(open=True).order_by("record__stream__number", "record__rseq")
    done = False
    for letter_id in list(letters.values_list("pk", flat=True)):
        if DeadLetter.objects.filter(pk=letter_id, open=True).exists():
            done |= retry(letter_id, "系统")
    return done


def dismiss(letter_id: int, by: str, note: str) -> None:
    """Give the record up and apply those parked behind it. ``note`` says why; ValueError without one.

    The note travels back to the side that sent the record (sync.rejections).
    """
    if not note.strip():
        raise ValueError("请写明放弃的原因。")
    with transaction.atomic():
        letter, reason = _locked(letter_id), note.strip()[:1000]
        _settle(letter, InboxRecord.State.DISMISSED, by, reason)
        rejections.tell(letter.record, reason)


def dismiss_again(epoch: str, rseq: int, note: str) -> None:
    """Give up a record that was given up before a restoration; the peer has been told then."""
    letters = DeadLetter.objects.filter(open=True, record__stream__epoch=epoch, record__rseq=rseq)
    for letter_id in list(letters.values_list("pk", flat=True)):
        _settle(_locked(letter_id), InboxRecord.State.DISMISSED, "系统", note)


def _locked(letter_id: int) -> DeadLetter:
    _current()  # keeps the importer out until this is done
    return DeadLetter.objects.select_related("record").get(pk=letter_id, open=True)


def _settle(letter: DeadLetter, state: str, by: str, note: str) -> None:
    letter.open, letter.settled_by, letter.settled_note = False, by, note
    letter.settled_at = timezone.now()
    letter.save()
    record = letter.record
    record.state = state
    if state == InboxRecord.State.APPLIED:
        record.line = None
    record.save(update_fields=["state", "line"])
    _release(record)
    receipts.issue(_current(), due=True)


def _current() -> Stream:
    return Stream.objects.select_for_update().get(direction=Stream.Direction.IN, current=True)


def _release(record: InboxRecord) -> None:
    """Apply what is parked behind a settled record, up to the next one that fails."""
    behind = InboxRecord.objects.blocking().filter(key=record.key, state=InboxRecord.State.PARKED)
    for parked in behind.order_by("stream__number", "rseq"):
        reason = try_record(_record(parked))
        if reason:
            parked.state = InboxRecord.State.DEAD
            parked.save(update_fields=["state"])
            DeadLetter.objects.create(record=parked, reason=reason)
            return
        parked.state, parked.line = InboxRecord.State.APPLIED, None
        parked.save(update_fields=["state", "line"])


def _record(logged: InboxRecord) -> chain.Record:
    return chain.from_line((logged.line or "").encode())
