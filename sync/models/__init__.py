"""What each side remembers of what it sends and of what it receives."""

from sync.models.incoming import DeadLetter, InboxBatch, InboxRecord, Quarantine
from sync.models.outgoing import Aggregate, Batch, Outbox, SentBlob
from sync.models.peers import Peer, PeerKey
from sync.models.streams import Receipt, Stream
from sync.models.transports import CourierState, Delivery

__all__ = [
    "Aggregate",
    "Batch",
    "CourierState",
    "DeadLetter",
    "Delivery",
    "InboxBatch",
    "InboxRecord",
    "Outbox",
    "Peer",
    "PeerKey",
    "Quarantine",
    "Receipt",
    "SentBlob",
    "Stream",
]
