"""Makes docs/vectors/ anew: small good and bad batch files, with what a reader must say to each: ``python -m tools.vectors``.

Keys, stream, records and times are always the same; the ciphertext is not, because its keys are random by design, so the
files change with every run and their content roots do not. The keys are public and good for nothing but these files.
"""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sync import batch_file, canonical, container, envelope, frames, keys, manifest, suites
from tests.sync.peer import Peer, line, name_of
from tools import trust_vectors

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "vectors"
STREAM, OTHER_STREAM = UUID("11111111-1111-4111-8111-111111111111"), UUID("22222222-2222-4222-8222-222222222222")
SCAN = b"%PDF-1.7 scan"


@dataclass(frozen=True)
class Vector:
    """One file: what an importer that has opened ``after`` before must answer, and what the stand-alone verifier."""

    file: str
    broken: str
    state: str
    code: str = ""
    verify: str = ""
    after: list[str] = field(default_factory=list)


class Maker:
    """Writes files into a folder and remembers what they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Vector] = []
        self.inner = _site(folder, "inner").keys
        self.outer = _site(folder, "outer", self.inner.card)
        self.stranger = _site(folder, "stranger", self.inner.card, side="outer")
        self.outer.start(STREAM)

    def keep(self, path: Path, broken: str, state: str, code: str = "", **more: Any) -> str:
        """Take a file that was made into the set; its name in the set."""
        shutil.move(path, self.folder / path.name)
        self.made.append(Vector(path.name, broken, state, code, **more))
        return path.name

    def good(self, name: str, said: str, lines: list[bytes] | None = None, **more: Any) -> str:
        """A file that is applied after those before it."""
        after = [vector.file for vector in self.made if vector.state == "applied"]
        return self.keep(self.outer.batch(lines, name=name, **more), said, "applied", after=after)

    def bad(self, code: str, name: str, broken: str, **more: Any) -> None:
        """A file that is the sender's first one, but for what ``more`` changes; refused by importer and verifier."""
        self.keep(self.first(name, **more), broken, "refused", code, verify=code)

    def first(self, name: str, **more: Any) -> Path:
        """The sender's first batch: one record."""
        sender = more.pop("sender", self.outer)
        with _at_start(sender):
            return sender.batch(more.pop("lines", [line(1)]), name=f"{name}.zip", keep_heads=True, **more)

    def rebuilt(
        self, code: str, name: str, broken: str, change: Callable[[dict[str, bytes]], None], **more: Any
    ) -> None:
        """A first file of which members are changed; refused."""
        path = self.first(name, **more)
        self.keep(_rebuild(path, change), broken, "refused", code, verify=code)


def main() -> int:
    """Write the set; keys that are there stay as they are."""
    made = write(FOLDER) + trust_vectors.write(FOLDER)
    sys.stdout.write(f"{made} files in {FOLDER.relative_to(ROOT)}\n")
    return 0


def write(folder: Path) -> int:
    """Write the set into a folder, with the keys that are there; how many files it has."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.zip"):
        old.unlink()
    maker = Maker(folder)
    for part in (good, containers, signatures, manifests, data, contents, history):
        part(maker)
    for name, peer in (("outer", maker.outer.keys), ("inner", maker.inner)):
        (folder / f"{name}.card.json").write_bytes(peer.card.to_bytes())
    for name in ("inner", "outer", "stranger"):
        shutil.rmtree(folder / name / "out", ignore_errors=True)
    index = {
        "format": manifest.FORMAT,
        "reader": "inner",
        "sender": "outer",
        "topics": {"ledger.noted": 1},
        "vectors": [asdict(vector) for vector in maker.made],
    }
    (folder / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n")
    return len(maker.made)


def good(maker: Maker) -> None:
    """A stream of five batches."""
    maker.good("good-1.zip", "one record", [line(1)])
    maker.good("good-2-empty.zip", "no records: a heartbeat", [])
    texts = {"名": "一站 😀 𠀀", "text": 'a"\\\b\f\n\r\t\u0001\u007f/', "n": 2, "big": 2**53 - 1, "small": -(2**53) + 1}
    many = [line(2, payload=texts), line(3, "k:2", {"n": 3, "none": None, "list": [True, False, {}, []]})]
    maker.good(
        "good-3-texts.zip", "every kind of JSON value; characters of 4 bytes, escapes, the largest integers", many
    )
    name, empty = name_of(SCAN), name_of(b"")
    carrying = [line(4, blobs=[name, empty]), line(5, "k:2", blobs=[name])]
    maker.good("good-4-blobs.zip", "two attachments, one of them empty", carrying, blobs={name: SCAN, empty: b""})
    receipt = maker.outer.receipt(str(OTHER_STREAM), number=3, supports={"ledger.noted": 1})
    maker.good(
        "good-5-receipt.zip", "a receipt for the other direction; an attachment sent before", None, receipts=[receipt]
    )


def containers(maker: Maker) -> None:
    """§3."""
    cuts: list[tuple[str, str, str, Callable[[bytes], bytes]]] = [
        ("not_a_batch", "text", "a text file with the name of a batch", lambda _: b"hello\n"),
        ("not_a_batch", "empty", "an empty file", lambda _: b""),
        ("truncated", "last-byte", "the last byte is missing", lambda data: data[:-1]),
        ("truncated", "half", "half of it is missing", lambda data: data[: len(data) // 2]),
        ("truncated", "longer", "one more byte at the end", lambda data: data + b"\0"),
        ("zip_structure", "comment", "one byte of a local header differs (its date)", _other_date),
        ("bad_crc", "flipped", "one bit of data.bin is flipped", _flip),
    ]
    for code, name, broken, change in cuts:
        path = maker.first(f"{code}-{name}")
        path.write_bytes(change(path.read_bytes()))
        maker.keep(path, broken, "refused", code, verify=code)
    maker.rebuilt("zip_structure", "zip_structure-order", "two members in the wrong order", _swap)
    maker.rebuilt("zip_structure", "zip_structure-more", "a sixth member", lambda members: members.update({"x": b""}))
    bomb = [b'{"x":"' + b"x" * (11 * 1024 * 1024) + b'"}']
    maker.bad("too_large", "too_large-bomb", "records of 11 MiB in a few bytes of Zstandard", content_lines=bomb)


def signatures(maker: Maker) -> None:
    """§4."""
    maker.bad("unknown_key", "unknown_key", "signed by a key that nobody enrolled", sign_with=maker.stranger.keys)

    def changed(members: dict[str, bytes]) -> None:
        members["volume.json"] = members["volume.json"].replace(b'"last":true', b'"last":false')

    def other_context(members: dict[str, bytes]) -> None:
        members["batch.sig"] = maker.outer.keys.sign(envelope.VOLUME_CONTEXT, members["batch.json"])

    maker.rebuilt("bad_signature", "bad_signature-volume", "volume.json was changed after signing", changed)
    maker.rebuilt(
        "bad_signature", "bad_signature-context", "batch.json is signed as if it were a volume.json", other_context
    )
    own = Peer(maker.folder / "inner", "inner", maker.outer.keys.card)
    own.start(STREAM)
    path = maker.first("reflected", sender=own)
    maker.keep(path, "the reader's own batch comes back", "refused", "reflected")


def manifests(maker: Maker) -> None:
    """§5. Everything here is properly signed by the sender."""
    spellings: list[tuple[str, str, Callable[[bytes], bytes]]] = [
        ("space", "a space in volume.json", lambda raw: raw.replace(b'"seq":1', b'"seq": 1')),
        ("twice", "a key twice in volume.json", lambda raw: raw.replace(b'"seq":1', b'"seq":1,"seq":1')),
        ("float", "1.0 for 1 in volume.json", lambda raw: raw.replace(b'"seq":1', b'"seq":1.0')),
        ("more", "an unknown field in volume.json", lambda raw: raw.replace(b'"seq":1', b'"sep":1,"seq":1')),
        ("not-json", "volume.json is no JSON", lambda raw: b"\xff" + raw),
    ]
    for name, broken, spell in spellings:
        maker.rebuilt("bad_manifest", f"bad_manifest-{name}", broken, _resigned(maker, spell))
    root = {"content_root": "0" * 64}
    maker.bad("bad_manifest", "bad_manifest-root", "the content root is not that of batch.json", **root)
    kinds = {"kinds": [{"topic": "ledger.noted", "version": 1, "count": 2}]}
    maker.bad("bad_manifest", "bad_manifest-kinds", "counts of kinds that do not add up", **kinds)
    card = maker.outer.keys.card
    forged = {"replaces": card.sign_id, "suite": "intl", "sign": "3" * 64, "seal": "4" * 64, "proof": "0" * 128}
    maker.bad("bad_new_keys", "bad_new_keys", "new keys without the proof of their owner", new_keys=[forged])
    maker.bad("bad_manifest", "bad_manifest-prev", "a first batch that names one before it", prev="1" * 64)
    for code, field_name, value, broken in (
        ("wrong_suite", "suite", "none", "another cipher suite than the sender's"),
        ("wrong_sender", "sender", "other", "signed by the sender's key in another's name"),
    ):
        maker.rebuilt(code, code, broken, _resigned(maker, _replacing(field_name, value)))
    elsewhere = Peer(maker.folder / "outer", "outer", maker.stranger.keys.card.model_copy(update={"side": "inner"}))
    elsewhere.start(STREAM)
    path = maker.first("wrong_recipient-key", sender=elsewhere)
    maker.keep(path, "encrypted to another key", "refused", "wrong_recipient")
    other = maker.first("other", lines=[line(1, payload={"n": 7})])
    parts = _members(other)
    other.unlink()

    def foreign_batch(members: dict[str, bytes]) -> None:
        members |= {name: parts[name] for name in ("batch.json", "batch.sig")}

    maker.rebuilt("mixed", "mixed-batch", "batch.json of another file of the same sender and number", foreign_batch)


def data(maker: Maker) -> None:
    """§6, from outside."""
    other = maker.first("other")
    parts = _members(other)
    other.unlink()

    def foreign_data(members: dict[str, bytes]) -> None:
        members["data.bin"] = parts["data.bin"]

    maker.rebuilt("data_hash", "data_hash", "data.bin of another file with the same content", foreign_data)
    for name, broken, change in (
        ("chunk", "a chunk was changed before signing", lambda raw: raw[:-1] + bytes([raw[-1] ^ 1])),
        ("key", "the wrapped key was changed before signing", lambda raw: raw[:50] + bytes([raw[50] ^ 1]) + raw[51:]),
    ):
        maker.rebuilt("cannot_decrypt", f"cannot_decrypt-{name}", broken, _sealed_anew(maker, change))


def contents(maker: Maker) -> None:
    """§6 and §7, from inside: the sender signed what it should not."""
    no_chunk = _sealed_anew(maker, lambda raw: raw[: suites.named("intl").header])
    maker.rebuilt("bad_frame", "bad_frame-nothing", "all chunks were cut off before signing", no_chunk)
    cut = frames.Blob(name_of(SCAN), len(SCAN) + 1, [SCAN])
    path = _with_blobs(maker, [cut])
    maker.keep(path, "an attachment ends before its length", "refused", "bad_frame", verify="bad_frame")
    for name, broken, record in (
        ("empty", "a record without fields", b"{}"),
        ("space", "a record spelt otherwise", line(1) + b" "),
        ("float", "a fraction in a payload", line(1).replace(b'{"n":1}', b'{"n":1.5}')),
        ("blob", "an attachment named ../x", line(1, blobs=["../x"])),
        ("time", "a time without offset", line(1, occurred_at="2026-03-02T09:00:00.000000")),
    ):
        maker.bad("bad_record", f"bad_record-{name}", broken, content_lines=[record])
    damaged = {name_of(SCAN): SCAN[:-1] + b"?"}
    carrying = [line(1, blobs=list(damaged))]
    maker.bad("blob_damaged", "blob_damaged", "an attachment that is not its name", lines=carrying, blobs=damaged)
    for name, broken, records in (
        ("payload", "another payload than the chain says", [line(1, payload={"n": 2})]),
        ("more", "one record more than announced", [line(1), line(2)]),
        ("number", "a record with another number", [line(2)]),
        ("topic", "a record of a kind that was not announced", [line(1, topic="ledger.other")]),
    ):
        maker.bad("content_mismatch", f"content_mismatch-{name}", broken, content_lines=records)
    none = manifest.BlobRoot().summary().model_dump()
    packed = {name_of(SCAN): SCAN}
    maker.bad(
        "content_mismatch",
        "content_mismatch-blobs",
        "an attachment that is not announced",
        blobs=packed,
        claimed_blobs=none,
    )


def history(maker: Maker) -> None:
    """Good files that do not fit, or do not fit yet, what was applied."""
    first = maker.made[0].file
    with _at_start(maker.outer):
        maker.outer.chain = bytes(32)
        forked = maker.outer.batch([line(1)], name="fork.zip")
    maker.keep(forked, "a first batch that continues another chain than the first one", "refused", "fork")
    twin = maker.first("equivocation", lines=[line(1, payload={"n": 9})])
    maker.keep(twin, "another content under a number that was applied", "refused", "equivocation", after=[first])
    same = maker.first("duplicate")
    maker.keep(same, "the same content in another ciphertext", "duplicate", after=[first])
    other = Peer(maker.folder / "outer", "outer", maker.inner.card)
    other.start(OTHER_STREAM)
    stray = maker.first("unknown_stream", sender=other)
    maker.keep(stray, "a batch of another stream of the same sender", "refused", "unknown_stream", after=[first])
    with _at_start(maker.outer):
        maker.outer.batch([line(1)], name="before.zip").unlink()
        late = maker.outer.batch([line(2)], name="gap.zip")
    maker.keep(late, "the second batch when the first has not come", "parked", "gap")
    newer = maker.first("upgrade", lines=[line(1, v=2)])
    maker.keep(newer, "a payload version that the reader does not know", "parked", "upgrade")
    lacking = maker.first("blob", lines=[line(1, blobs=[name_of(SCAN)])])
    maker.keep(lacking, "a record whose attachment never came", "parked", "blob")


def _site(folder: Path, name: str, recipient: keys.Card | None = None, side: str = "") -> Peer:
    return Peer(folder / name, side or name, recipient)


@contextmanager
def _at_start(peer: Peer) -> Iterator[None]:
    """The sender as it was before its first batch; afterwards as it was."""
    heads = peer.stream, peer.seq, peer.rseq, peer.prev, peer.chain
    peer.start(peer.stream)
    try:
        yield
    finally:
        peer.stream, peer.seq, peer.rseq, peer.prev, peer.chain = heads


def _members(path: Path) -> dict[str, bytes]:
    with path.open("rb") as handle:
        box = container.Reader(handle)
        return {name: b"".join(box.pieces(name)) for name in container.MEMBERS}


def _rebuild(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    members = _members(path)
    change(members)
    with path.open("w+b") as handle:
        writer = container.Writer(handle)
        for name, content in members.items():
            writer.add(name, [content])
        writer.close()
    return path


def _resigned(maker: Maker, spell: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], None]:
    """Change volume.json and sign it, as the sender itself would."""

    def change(members: dict[str, bytes]) -> None:
        raw = spell(members["volume.json"])
        members |= {"volume.json": raw, "volume.sig": maker.outer.keys.sign(envelope.VOLUME_CONTEXT, raw)}

    return change


def _sealed_anew(maker: Maker, spoil: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes]], None]:
    """Change data.bin and describe and sign it anew, so that only decryption finds it."""

    def change(members: dict[str, bytes]) -> None:
        members["data.bin"] = spoil(members["data.bin"])
        described = {"size": len(members["data.bin"]), "sha256": name_of(members["data.bin"])}
        raw = canonical.encode(canonical.decode(members["volume.json"]) | described)
        batch = canonical.encode(canonical.decode(members["batch.json"]) | {"volumes": [name_of(raw)]})
        members |= {"volume.json": raw, "volume.sig": maker.outer.keys.sign(envelope.VOLUME_CONTEXT, raw)}
        members |= {"batch.json": batch, "batch.sig": maker.outer.keys.sign(envelope.BATCH_CONTEXT, batch)}

    return change


def _replacing(name: str, value: str) -> Callable[[bytes], bytes]:
    return lambda raw: canonical.encode(canonical.decode(raw) | {name: value})


def _with_blobs(maker: Maker, blobs: list[frames.Blob]) -> Path:
    """A first file with these attachments, just as they are given."""
    write_volumes = batch_file.write_volumes

    def instead(volume: Any, content: batch_file.Content, *rest: Any, **more: Any) -> None:
        write_volumes(volume, batch_file.Content(content.batch, blobs, content.lines), *rest, **more)

    with patch("sync.batch_file.write_volumes", instead):
        return maker.first("bad_frame-blob")


def _other_date(raw: bytes) -> bytes:
    return raw[:12] + b"\x22" + raw[13:]


def _flip(raw: bytes) -> bytes:
    return raw[:200] + bytes([raw[200] ^ 1]) + raw[201:]


def _swap(members: dict[str, bytes]) -> None:
    members["data.bin"] = members.pop("data.bin")


if __name__ == "__main__":
    sys.exit(main())
