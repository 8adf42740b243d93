"""The two signed descriptions in a batch file. Read strictly: unknown, missing or ill-typed fields are refused."""

import hashlib
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sync import canonical
from sync.reasons import Refused

FORMAT: Literal["zwfw-sync/1"] = "zwfw-sync/1"
_CONTENT = b"ZWFW-sync-content-v1\0"
_NOT_CONTENT = {"content_root", "volumes", "writer", "created_at"}

Count = Annotated[int, Field(ge=0, le=canonical.LARGEST)]
Number = Annotated[int, Field(ge=1, le=canonical.LARGEST)]
Hash = Annotated[str, Field(pattern=r"\A[0-9a-f]{64}\z")]
KeyId = Annotated[str, Field(pattern=r"\A[0-9a-f]{16}\z")]
StreamId = Annotated[str, Field(pattern=r"\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\z")]
Side = Annotated[str, Field(pattern=r"\A[a-z]{1,16}\z")]
Topic = Annotated[str, Field(min_length=1, max_length=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Volume(_Strict):
    """``volume.json``: who sends what to whom, and the hash of the ciphertext."""

    format: Literal["zwfw-sync/1"]
    suite: Annotated[str, Field(max_length=8)]
    stream: StreamId
    seq: Number
    vol: Annotated[int, Field(ge=1, le=9999)]
    last: bool
    sender: Side
    recipient: Side
    sender_key: KeyId
    recipient_key: KeyId
    size: Count
    sha256: Hash


class Kind(_Strict):
    """How many records of one topic and payload version."""

    topic: Topic
    version: Annotated[int, Field(ge=1, le=32767)]
    count: Number


class Blobs(_Strict):
    """The attachments inside: how many, how long together, and a hash over their names and lengths in order."""

    count: Count
    bytes: Count
    root: Hash


class Dead(_Strict):
    """A record that the receiver could not apply."""

    rseq: Number
    key: Annotated[str, Field(max_length=200)]
    reason: Annotated[str, Field(max_length=1000)]


class ReceiptBody(_Strict):
    """How far the writer has applied the stream of the reader."""

    stream: StreamId
    number: Number
    applied_seq: Count
    applied_rseq: Count
    chain: Hash
    durable_seq: Count
    missing: Annotated[list[Annotated[list[Number], Field(min_length=2, max_length=2)]], Field(max_length=100)]
    dead: Annotated[list[Dead], Field(max_length=100)]
    dead_total: Count
    supports: Annotated[dict[Topic, Number], Field(max_length=1000)]


class Batch(_Strict):
    """``batch.json``: place in the stream, content, receipts for the other direction."""

    format: Literal["zwfw-sync/1"]
    stream: StreamId
    seq: Number
    sender: Side
    recipient: Side
    prev: Annotated[str, Field(pattern=r"\A([0-9a-f]{64})?\z")]
    rseq_first: Number
    rseq_last: Count
    chain_before: Hash
    chain_after: Hash
    kinds: Annotated[list[Kind], Field(max_length=1000)]
    blobs: Blobs
    receipts: Annotated[list[ReceiptBody], Field(max_length=8)]
    volumes: Annotated[list[Hash], Field(min_length=1, max_length=9999)]
    content_root: Hash
    writer: Annotated[str, Field(max_length=100)]
    created_at: Annotated[str, Field(max_length=40)]

    @property
    def records(self) -> int:
        """Number of records inside."""
        return self.rseq_last - self.rseq_first + 1


class Strict(_Strict):
    """Base of what other modules sign: read as strictly as the manifests."""


class Head(_Strict):
    """How far a side has sealed: the last batch and the last record of its outgoing stream."""

    stream: StreamId
    seq: Count
    rseq: Count
    chain: Hash


class ReceiptNote(Strict):
    """A receipt on its own, outside a batch; ``head`` shows a lost tail of the writer's own stream."""

    format: Literal["zwfw-sync-receipt/1"]
    sender: Side
    recipient: Side
    receipt: ReceiptBody
    head: Head | None


def to_bytes(manifest: _Strict) -> bytes:
    """Canonical JSON of a manifest."""
    return canonical.encode(manifest.model_dump())


M = TypeVar("M", bound=_Strict)


def read(model: type[M], data: bytes) -> M:
    """The manifest in these bytes; Refused("bad_manifest") for anything that ``to_bytes`` would not have written."""
    try:
        return model.model_validate(canonical.decode(data))
    except canonical.NotCanonical as error:
        raise Refused("bad_manifest", str(error)) from error
    except ValidationError as error:
        where = "、".join(".".join(map(str, problem["loc"])) for problem in error.errors()[:3])
        raise Refused("bad_manifest", where) from error


def content_root(batch: dict[str, Any]) -> str:
    """Hash over everything that makes two batches the same one: all of ``batch.json`` but the ciphertext and the clock."""
    content = {name: value for name, value in batch.items() if name not in _NOT_CONTENT}
    return hashlib.sha256(_CONTENT + canonical.encode(content)).hexdigest()


class BlobRoot:
    """Collects the names and lengths of blobs in their order."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256(b"ZWFW-sync-blobs-v1\0")
        self.count = 0
        self.bytes = 0

    def add(self, sha256: str, size: int) -> None:
        """One more blob."""
        self._hash.update(bytes.fromhex(sha256) + size.to_bytes(8))
        self.count += 1
        self.bytes += size

    def summary(self) -> Blobs:
        """The signed summary."""
        return Blobs(count=self.count, bytes=self.bytes, root=self._hash.hexdigest())
