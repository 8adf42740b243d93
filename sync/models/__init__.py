"""What each side remembers of what it sends and of what it receives."""

from sync.models.epochs import EpochChange, EpochFact, Restoration
from sync.models.incoming import DeadLetter, InboxBatch, InboxRecord, Quarantine
from sync.models.outgoing import Aggregate, Batch, Outbox, SentBlob
from sync.models.peers import Peer, PeerKey
from sync.models.streams import Receipt, Stream

__all__ = [
    "Aggregate",
    "Batch",
    "DeadLetter",
    "EpochChange",
    "EpochFact",
    "InboxBatch",
    "InboxRecord",
    "Outbox",
    "Peer",
    "PeerKey",
    "Quarantine",
    "Receipt",
    "Restoration",
    "SentBlob",
    "Stream",
]
