"""What each side remembers of what it sends and of what it receives."""

from sync.models.epochs import EpochChange, EpochFact, Restoration
from sync.models.halts import Halt, Rejection
from sync.models.incoming import DeadLetter, InboxBatch, InboxRecord, InboxVolume, Quarantine
from sync.models.outgoing import Aggregate, Batch, Outbox, SentBlob, SentVolume
from sync.models.peers import Peer, PeerKey
from sync.models.streams import Receipt, Stream
from sync.models.transports import CourierState, Delivery

__all__ = [
    "Aggregate",
    "Batch",
    "CourierState",
    "DeadLetter",
    "Delivery",
    "EpochChange",
    "EpochFact",
    "Halt",
    "InboxBatch",
    "InboxRecord",
    "InboxVolume",
    "Outbox",
    "Peer",
    "PeerKey",
    "Quarantine",
    "Receipt",
    "Rejection",
    "Restoration",
    "SentBlob",
    "SentVolume",
    "Stream",
]
