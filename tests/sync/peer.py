"""The other site, without a database: makes any batch a test wants, right or wrong, and reads ours."""

import hashlib
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from sync import batch_file, canonical, chain, frames, keys, manifest

TOPIC = "ledger.noted"
AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


def line(rseq: int, key: str = "k:1", payload: dict[str, Any] | None = None, **fields: Any) -> bytes:
    """One record."""
    record = {
        "rseq": rseq,
        "topic": TOPIC,
        "v": 1,
        "key": key,
        "agg_version": rseq,
        "occurred_at": canonical.moment(AT),
        "payload": {"n": rseq} if payload is None else payload,
        "blobs": [],
    }
    return canonical.encode(record | fields)


class Peer:
    """Keeps its own heads; each ``batch`` continues them."""

    def __init__(self, home: Path, side: str, recipient: keys.Card | None = None, suite: str = "") -> None:
        keys.create(home, side, suite)
        self.home = home
        self.keys = keys.load(home, side)
        self.recipient = recipient
        self.start(uuid4())

    def start(self, stream: UUID) -> None:
        """Begin a stream from nothing."""
        self.stream, self.seq, self.rseq, self.prev = stream, 0, 0, ""
        self.chain = chain.genesis(stream)

    def records(self, *entries: tuple[str, dict[str, Any]], **fields: Any) -> list[bytes]:
        """Lines for (key, payload), numbered onwards."""
        return [line(self.rseq + 1 + at, key, payload, **fields) for at, (key, payload) in enumerate(entries)]

    def batch(
        self,
        lines: list[bytes] | None = None,
        *,
        blobs: dict[str, bytes] | None = None,
        sign_with: keys.SiteKeys | None = None,
        content_lines: list[bytes] | None = None,
        keep_heads: bool = False,
        claimed_blobs: dict[str, Any] | None = None,
        name: str = "",
        largest: int = batch_file.UNLIMITED,
        **changes: Any,
    ) -> Path:
        """Write a batch of these lines (one plain record when None); its last file, ``paths`` are all of them.

        ``changes`` replace fields of ``batch.json``; ``content_lines`` are packed instead of what the manifest describes,
        ``claimed_blobs`` described instead of those; ``largest`` is the size of a volume.
        """
        lines = [line(self.rseq + 1)] if lines is None else lines
        fields = self._fields(lines, blobs or {}) | changes | ({"blobs": claimed_blobs} if claimed_blobs else {})
        if "content_root" not in changes:
            fields["content_root"] = manifest.content_root(fields)
        described = manifest.Batch.model_validate(fields)
        assert self.recipient
        packed = [frames.Blob(sha, len(data), _pieces(data)) for sha, data in (blobs or {}).items()]
        content = batch_file.Content(described, packed, lines if content_lines is None else content_lines)
        self.paths: list[Path] = []

        def volume(vol: int) -> IO[bytes]:
            self.paths.append(self.home / "out" / (name or batch_file.name_of(described, vol)))
            self.paths[-1].parent.mkdir(exist_ok=True)
            return self.paths[-1].open("w+b")

        batch_file.write_volumes(volume, content, sign_with or self.keys, self.recipient, largest=largest)
        if not keep_heads:
            self._advance(described)
        return self.paths[-1]

    def _fields(self, lines: list[bytes], blobs: dict[str, bytes]) -> dict[str, Any]:
        head, root = self.chain, manifest.BlobRoot()
        for one in lines:
            head = chain.advance(head, one)
        for sha, data in blobs.items():
            root.add(sha, len(data))
        parsed = [json.loads(one) for one in lines]
        kinds = Counter((record["topic"], record["v"]) for record in parsed)
        assert self.recipient
        return {
            "format": manifest.FORMAT,
            "stream": str(self.stream),
            "seq": self.seq + 1,
            "sender": self.keys.card.side,
            "recipient": self.recipient.side,
            "prev": self.prev,
            "rseq_first": self.rseq + 1,
            "rseq_last": self.rseq + len(lines),
            "chain_before": self.chain.hex(),
            "chain_after": head.hex(),
            "kinds": [{"topic": topic, "version": v, "count": n} for (topic, v), n in sorted(kinds.items())],
            "blobs": root.summary().model_dump(),
            "receipts": [],
            "new_keys": [],
            "volumes": ["0" * 64],
            "writer": "test/1",
            "created_at": canonical.moment(AT),
        }

    def _advance(self, batch: manifest.Batch) -> None:
        self.seq, self.rseq, self.prev = batch.seq, batch.rseq_last, batch.content_root
        self.chain = bytes.fromhex(batch.chain_after)

    def receipt(self, stream: str, **fields: Any) -> dict[str, Any]:
        """A receipt for the stream of the other side."""
        body = {"stream": stream, "number": 1, "applied_seq": 0, "applied_rseq": 0, "chain": "0" * 64}
        body |= {
            "durable_seq": 0,
            "missing": [],
            "missing_volumes": [],
            "dead": [],
            "dead_total": 0,
            "supports": {},
            "restored": 0,
            "sent": None,
        }
        return body | fields

    def read(self, path: Path, signer: keys.Card) -> tuple[manifest.Batch, list[dict[str, Any]], dict[str, bytes]]:
        """Everything in a batch that was sent to this peer, fully checked."""
        return read(path, signer, self.keys)


def read(
    path: Path, signer: keys.Card, own: keys.SiteKeys
) -> tuple[manifest.Batch, list[dict[str, Any]], dict[str, bytes]]:
    """(manifest, records, blobs) of a batch file; Refused as the importer would."""
    with path.open("rb") as handle:
        file = batch_file.BatchFile(handle, [signer], own)
        file.check_recipient(own)
        file.check_data()
        contents = file.contents(own)
        blobs = {blob.sha256: b"".join(blob.pieces) for blob in contents.blobs()}
        records = [json.loads(one) for block in contents.blocks() for one in block]
    return file.batch, records, blobs


def name_of(data: bytes) -> str:
    """The blob name of some bytes."""
    return hashlib.sha256(data).hexdigest()


def _pieces(data: bytes) -> list[bytes]:
    return [data[at : at + frames.PIECE] for at in range(0, len(data), frames.PIECE)]
