"""Between a restoration and the moment when the peer has given back what was lost, nothing is done on one's own account.

What arrives again is kept, but nobody answers it: the answer that was given before the restoration is on its way back.
"""

from sync import marks
from sync.models import InboxRecord, Restoration, Stream

PREFIX = "returned:"
# ``is_awaited`` for a statement that must not cost another one; "current" is a word of SQL.
AWAITED_SQL = """(
    EXISTS (SELECT 1 FROM sync_stream WHERE direction = 'out' AND "current" AND awaits_return)
    OR EXISTS (SELECT 1 FROM sync_restoration WHERE settled_at IS NULL)
)"""


def is_awaited() -> bool:
    """Whether the peer has yet to give back what a restored backup lost here; also before an epoch was begun for it."""
    if Stream.objects.filter(direction=Stream.Direction.OUT, current=True, awaits_return=True).exists():
        return True
    return Restoration.objects.filter(settled_at=None).exists()


def awaited_epoch() -> int | None:
    """The number of the outgoing epoch in which the peer gives back what was lost: the present one, or the one that has
    yet to be begun. None when nothing is awaited."""
    if Restoration.objects.filter(settled_at=None).exists():
        return marks.next_epoch()
    present = Stream.objects.filter(direction=Stream.Direction.OUT, current=True, awaits_return=True)
    return present.values_list("number", flat=True).first()


def note_end(epoch: str) -> None:
    """The peer has given back all for the epoch that this side began; of an earlier one it means nothing any more."""
    present = Stream.objects.filter(direction=Stream.Direction.OUT, current=True, epoch=epoch)
    present.update(awaits_return=False)


def stuck() -> set[str]:
    """The keys of which something was given back that could not be done again, or waits behind it."""
    keys = InboxRecord.objects.blocking().filter(key__startswith=PREFIX).values_list("key", flat=True)
    return {key.removeprefix(PREFIX) for key in keys}


def may_answer(key: str) -> bool:
    """Whether what arrives of ``key`` gets its answer now: none is on its way back, and none is stuck here."""
    return not is_awaited() and key not in stuck()


def key_of(key: str) -> str:
    """The key under which facts of ``key`` are given back, in their order."""
    return f"{PREFIX}{key}"[:200]
