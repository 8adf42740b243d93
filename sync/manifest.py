"""The two signed descriptions in a batch file. Read strictly: unknown, missing or ill-typed fields are refused."""

import hashlib
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sync import canonical
from sync.reasons import Refused

FORMAT: Literal["zwfw-sync/1"] = "zwfw-sync/1"
MOST_VOLUMES = 9999
_CONTENT = b"ZWFW-sync-content-v1\0"
_NOT_CONTENT = {"content_root", "volumes", "writer", "created_at"}

Count = Annotated[int, Field(ge=0, le=canonical.LARGEST)]
Number = Annotated[int, Field(ge=1, le=canonical.LARGEST)]
Hash = Annotated[str, Field(pattern=r"\A[0-9a-f]{64}\z")]
KeyId = Annotated[str, Field(pattern=r"\A[0-9a-f]{16}\z")]
StreamId = Annotated[str, Field(pattern=r"\A[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\z")]
Side = Annotated[str, Field(pattern=r"\A[a-z]{1,16}\z")]
Topic = Annotated[str, Field(min_length=1, max_length=100)]


class Strict(BaseModel):
    """Nothing but the fields named, each of exactly its type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Volume(Strict):
    """``volume.json``: who sends what to whom, and the hash of the ciphertext."""

    format: Literal["zwfw-sync/1"]
    suite: Annotated[str, Field(max_length=8)]
    stream: StreamId
    seq: Number
    vol: Annotated[int, Field(ge=1, le=MOST_VOLUMES)]
    last: bool
    sender: Side
    recipient: Side
    sender_key: KeyId
    recipient_key: KeyId
    size: Count
    sha256: Hash
    sm3: Hash | None = None

    @model_validator(mode="after")
    def _sm3_exactly_with_sm2(self) -> Self:
        if (self.sm3 is not None) != (self.suite == "gm"):
            raise ValueError("sm3")
        return self


class Kind(Strict):
    """How many records of one topic and payload version."""

    topic: Topic
    version: Annotated[int, Field(ge=1, le=32767)]
    count: Number


class Blobs(Strict):
    """The attachments inside: how many, how long together, and a hash over their names and lengths in order."""

    count: Count
    bytes: Count
    root: Hash


class Dead(Strict):
    """A record that the receiver could not apply."""

    rseq: Number
    key: Annotated[str, Field(max_length=200)]
    reason: Annotated[str, Field(max_length=1000)]


class Head(Strict):
    """What the writer of a receipt says of its own outgoing stream, and of the reader's receipts for it."""

    stream: StreamId
    seq: Count
    rseq: Count
    chain: Hash
    backed_up_seq: Count
    seen: Count


class ReceiptBody(Strict):
    """How far the writer has applied the stream of the reader."""

    stream: StreamId
    number: Number
    applied_seq: Count
    applied_rseq: Count
    chain: Hash
    durable_seq: Count
    restored: Count
    missing: Annotated[list[Annotated[list[Number], Field(min_length=2, max_length=2)]], Field(max_length=100)]
    missing_volumes: Annotated[list[Annotated[list[Count], Field(min_length=3, max_length=3)]], Field(max_length=100)]
    dead: Annotated[list[Dead], Field(max_length=100)]
    dead_total: Count
    supports: Annotated[dict[Topic, Number], Field(max_length=1000)]
    sent: Head | None


class NewKeys(Strict):
    """Keys that follow those of the sender after this batch, with a signature by the new one; see sync/rotation.py."""

    replaces: KeyId
    suite: Annotated[str, Field(max_length=8)]
    sign: Annotated[str, Field(pattern=r"\A([0-9a-f]{2})+\z", max_length=256)]
    seal: Annotated[str, Field(pattern=r"\A([0-9a-f]{2})*\z", max_length=256)]
    proof: Annotated[str, Field(pattern=r"\A[0-9a-f]{128}\z")]


class Batch(Strict):
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
    new_keys: Annotated[list[NewKeys], Field(max_length=1)]
    volumes: Annotated[list[Hash], Field(min_length=1, max_length=MOST_VOLUMES)]
    content_root: Hash
    writer: Annotated[str, Field(max_length=100)]
    created_at: Annotated[str, Field(max_length=40)]

    @property
    def records(self) -> int:
        """Number of records inside."""
        return self.rseq_last - self.rseq_first + 1


class StreamHead(Strict):
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
    head: StreamHead | None


def to_bytes(manifest: Strict) -> bytes:
    """Canonical JSON of a manifest."""
    # sm3 is there or not, never null; a receipt's ``sent`` may be null.
    return canonical.encode(manifest.model_dump(exclude={"sm3"} if getattr(manifest, "sm3", "") is None else None))


M = TypeVar("M", bound=Strict)


def read(model: type[M], data: bytes) -> M:
    """The manifest in these bytes; Refused("bad_manifest") for anything that ``to_bytes`` would not have written."""
    try:
        found = model.model_validate(canonical.decode(data))
        if to_bytes(found) != data:
            raise canonical.NotCanonical("字段的写法不符")  # a null where the field should be left out
        return found
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
