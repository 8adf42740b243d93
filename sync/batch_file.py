"""The files of a batch: its volumes, written from sealed content, and opened step by step with everything checked before use."""

import hashlib
import itertools
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from sync import canonical, container, envelope, frames, large_files, manifest, rotation, suites
from sync.keys import Card, SiteKeys
from sync.reasons import Refused

# What a volume holds besides its frames: manifests, signatures, headers, the tags of the chunks.
RESERVE = container.LARGEST_SMALL + 256 * 1024
UNLIMITED = 1 << 62

OpenVolume = Callable[[int], AbstractContextManager[IO[bytes]]]


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into a batch: its manifest without the volumes, and the streams of blobs and record lines."""

    batch: manifest.Batch
    blobs: Iterable[frames.Blob]
    lines: Iterable[bytes]


def name_of(batch: manifest.Batch | manifest.Volume, vol: int = 1) -> str:
    """The usual file name of a volume: a hint for people, nothing is decided by it."""
    return f"{batch.sender[:5]}2{batch.recipient[:5]}-{batch.stream[:8]}-{batch.seq:010d}-{vol:04d}.zip"


def write(handle: IO[bytes], content: Content, keys: SiteKeys, peer: Card) -> None:
    """Write a whole batch as one volume, however large."""
    write_volumes(lambda _: nullcontext(handle), content, keys, peer, largest=UNLIMITED)


def write_volumes(open_volume: OpenVolume, content: Content, keys: SiteKeys, peer: Card, *, largest: int) -> list[str]:
    """Write a batch as volumes of at most ``largest`` bytes each; their hashes.

    ``open_volume`` is given the number (1, 2, 3 …) and gives a seekable file. A single frame (a record may have
    9 MiB) is never divided: ``largest`` below 16 MiB may be exceeded by it. OverflowError above 9999 volumes.
    """
    suite = suites.named(peer.suite)
    body = frames.body(content.blobs, content.lines, packed=suite.seals)
    parts = frames.Parts(body, max(1, largest - RESERVE))
    hashes: list[str] = []
    for vol in itertools.count(1):
        if vol > manifest.MOST_VOLUMES:
            raise OverflowError("too many volumes")
        with open_volume(vol) as handle:
            writer = container.Writer(handle)
            data = _write_data(writer, content.batch, vol, parts.take(), peer)
            last = parts.is_used_up
            raw = manifest.to_bytes(_volume(content.batch, vol, last, data, keys, peer))
            hashes.append(hashlib.sha256(raw).hexdigest())
            _add_signed(writer, "volume", envelope.VOLUME_CONTEXT, raw, keys)
            if last:
                whole = manifest.to_bytes(content.batch.model_copy(update={"volumes": hashes}))
                _add_signed(writer, "batch", envelope.BATCH_CONTEXT, whole, keys)
            writer.close()
        if last:
            break
    return hashes


def _write_data(
    writer: container.Writer, batch: manifest.Batch, vol: int, whole: Iterable[bytes], peer: Card
) -> dict[str, Any]:
    """The sealed data of one volume; what its manifest says of it: size and hashes."""
    suite, size = suites.named(peer.suite), 0
    digests = _digests(suite)
    plain = itertools.chain([frames.header(_header(batch, vol))], whole)

    def sealed() -> Iterator[bytes]:
        nonlocal size
        with large_files.beside(digests.values()) as take:
            for piece in suite.encrypt(plain, bytes.fromhex(peer.seal), _info(batch, vol)):
                take(piece)
                size += len(piece)
                yield piece

    writer.add("data.bin", sealed())
    return {"size": size, **{name: digest.hexdigest() for name, digest in digests.items()}}


def _volume(
    batch: manifest.Batch, vol: int, last: bool, data: dict[str, Any], keys: SiteKeys, peer: Card
) -> manifest.Volume:
    return manifest.Volume(
        format=manifest.FORMAT,
        suite=peer.suite,
        stream=batch.stream,
        seq=batch.seq,
        vol=vol,
        last=last,
        sender=batch.sender,
        recipient=batch.recipient,
        sender_key=keys.card.sign_id,
        recipient_key=peer.seal_id,
        **data,
    )


def _add_signed(writer: container.Writer, name: str, context: bytes, raw: bytes, keys: SiteKeys) -> None:
    writer.add(f"{name}.json", [raw])
    writer.add(f"{name}.sig", [keys.sign(context, raw)])


def claimed_key(handle: IO[bytes]) -> str:
    """Id of the key that a volume says to be signed by: for sorting files that were verified when they came. "" for none."""
    try:
        return container.Reader(handle).small("volume.sig")[: envelope.KEY_ID].hex()
    except Refused:
        return ""


class BatchFile:
    """An opened volume whose shape, signatures and manifests are good; ``data.bin`` has not been looked at yet.

    ``signers`` are the cards of those who may sign. Refused from the constructor says what is wrong. No byte of a
    manifest is parsed before its signature is verified.
    """

    def __init__(self, handle: IO[bytes], signers: Iterable[Card], own: SiteKeys | None = None) -> None:
        self._box = container.Reader(handle)
        self.signer, raw = self._signed("volume", envelope.VOLUME_CONTEXT, list(signers), own)
        self._suite = suites.named(self.signer.suite)
        self.volume = manifest.read(manifest.Volume, raw)
        self.volume_hash = hashlib.sha256(raw).hexdigest()
        self._check_volume()
        self._batch = self._read_batch(own) if self.volume.last else None

    @property
    def batch(self) -> manifest.Batch:
        """The manifest of the batch; only the last volume has it, ValueError for another."""
        if self._batch is None:
            raise ValueError("only the last volume describes the batch")
        return self._batch

    @property
    def is_alone(self) -> bool:
        """Whether this one volume is the whole batch."""
        return self.volume.last and self.volume.vol == 1

    def check_recipient(self, own: SiteKeys) -> None:
        """Refused unless the file is for this site, and for a key it still has."""
        if self.volume.recipient != own.card.side or not self.readable_by(own):
            raise Refused("wrong_recipient", self.volume.recipient)

    def readable_by(self, own: SiteKeys) -> bool:
        """Whether the file is made for a key of this site."""
        known = own.opens if self._suite.seals else own.signs
        return known(self.volume.recipient_key)

    def check_data(self) -> None:
        """Refused unless ``data.bin`` is what the sender signed."""
        self._compare(self._box.pieces("data.bin"))

    def check_all(self) -> str:
        """The same, and from one reading the SHA-256 of the whole file."""
        whole = hashlib.sha256()
        before, after = self._box.around("data.bin")
        with large_files.beside([whole]) as take:
            take(before)
            self._compare(_shown_to(take, self._box.pieces("data.bin")))
            take(after)
        return whole.hexdigest()

    def _compare(self, data: Iterable[bytes]) -> None:
        if self._box.length("data.bin") != self.volume.size:
            raise Refused("data_hash", "长度不符")
        digests = _digests(self._suite)
        with large_files.beside(digests.values()) as take:
            for piece in data:
                take(piece)
        for name, digest in digests.items():
            if digest.hexdigest() != getattr(self.volume, name):
                raise Refused("data_hash", name)

    @property
    def sealed(self) -> bool:
        """Whether keys are needed to read the content."""
        return self._suite.seals

    def contents(self, keys: SiteKeys | None) -> "Contents":
        """The decrypted content of a batch of one volume; see ``Contents``."""
        return Contents([self], keys)

    def plaintext(self, keys: SiteKeys | None) -> Iterator[bytes]:
        """The decrypted frames of this volume, to be read once. Call after ``check_data``."""
        suite = self._suite
        content_key = self._content_key(keys) if suite.seals and keys else b""
        chunks = self._box.chunks("data.bin", suite.header, suite.chunk)
        return _refusing(suite.decrypt(chunks, content_key))

    def _content_key(self, keys: SiteKeys) -> bytes:
        try:
            recipient, wrapped = self._suite.read_wrapped(self._box.head("data.bin", self._suite.header))
            if recipient.hex() != self.volume.recipient_key:
                raise Refused("wrong_recipient", recipient.hex())
            return keys.unwrap(self.volume.recipient_key, wrapped, _info(self.volume, self.volume.vol))
        except envelope.CannotDecrypt as error:
            raise Refused("cannot_decrypt", str(error)) from error

    def _signed(self, name: str, context: bytes, signers: list[Card], own: SiteKeys | None) -> tuple[Card, bytes]:
        message = self._box.small(f"{name}.json")
        signature = self._box.small(f"{name}.sig")
        claimed = signature[: envelope.KEY_ID].hex()
        if own and own.signs(claimed):
            raise Refused("reflected")
        for card in signers:
            if card.sign_id == claimed:
                try:
                    suites.verify(card.suite, bytes.fromhex(card.sign), signature, context, message)
                except envelope.BadSignature as error:
                    raise Refused("bad_signature", f"{name}.json") from error
                return card, message
        raise Refused("unknown_key", claimed)

    def _check_volume(self) -> None:
        volume = self.volume
        if volume.sender != self.signer.side or volume.sender_key != self.signer.sign_id:
            raise Refused("wrong_sender", volume.sender)
        if volume.suite != self.signer.suite:
            raise Refused("wrong_suite", volume.suite)
        if volume.last != self._box.ends_batch:
            raise Refused("mixed", "末卷标志与文件成员不符")

    def _read_batch(self, own: SiteKeys | None) -> manifest.Batch:
        _, raw = self._signed("batch", envelope.BATCH_CONTEXT, [self.signer], own)
        batch, volume = manifest.read(manifest.Batch, raw), self.volume
        same = (batch.stream, batch.seq, batch.sender, batch.recipient)
        if same != (volume.stream, volume.seq, volume.sender, volume.recipient):
            raise Refused("mixed")
        if len(batch.volumes) != volume.vol or batch.volumes[-1] != self.volume_hash:
            raise Refused("mixed", "卷清单")
        if manifest.content_root(batch.model_dump()) != batch.content_root:
            raise Refused("bad_manifest", "content_root")
        if sum(kind.count for kind in batch.kinds) != batch.records:
            raise Refused("bad_manifest", "kinds")
        if (batch.prev == "") != (batch.seq == 1):
            raise Refused("bad_manifest", "prev")
        rotation.check(batch, self.signer)
        return batch


class WholeBatch:
    """All volumes of a batch in their order, or its last one alone as long as nobody asks for the content."""

    def __init__(self, files: list[BatchFile]) -> None:
        self.files = files
        self.batch = files[-1].batch

    def contents(self, keys: SiteKeys | None) -> "Contents":
        """The decrypted content, to be read once; Refused("mixed") when a volume is not the one that was signed."""
        return Contents(self.files, keys)


class Contents:
    """Blobs first, then records, through all volumes; compares what is seen with what was signed."""

    def __init__(self, files: list[BatchFile], keys: SiteKeys | None) -> None:
        self._batch = files[-1].batch
        if [file.volume_hash for file in files] != self._batch.volumes:
            raise Refused("mixed", "卷清单")
        volumes = ((_header(self._batch, file.volume.vol), file.plaintext(keys)) for file in files)
        self._frames = frames.Reader(volumes, packed=files[-1].sealed)
        self._blob_root = manifest.BlobRoot()

    def blobs(self) -> Iterator[frames.Blob]:
        """Each attachment; use up its pieces before asking for the next."""
        for blob in self._frames.blobs():
            self._blob_root.add(blob.sha256, blob.size)
            yield blob
        if self._blob_root.summary() != self._batch.blobs:
            raise Refused("content_mismatch", "附件清单")

    def blocks(self) -> Iterator[list[bytes]]:
        """Record lines in blocks of about 1 MiB, after all blobs were read."""
        return self._frames.blocks()


def _refusing(pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    except envelope.CannotDecrypt as error:
        raise Refused("cannot_decrypt", str(error)) from error


def _shown_to(take: Callable[[bytes], object], pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        take(piece)
        yield piece


def _digests(suite: suites.Suite) -> dict[str, suites.Digest]:
    """The hashes of ``data.bin`` that ``volume.json`` carries, by their field."""
    return {"sha256": hashlib.sha256(), **suite.more_digests()}


def _header(batch: manifest.Batch, vol: int) -> bytes:
    fields = {"format": manifest.FORMAT, "stream": batch.stream, "seq": batch.seq, "vol": vol}
    return canonical.encode(fields | {"sender": batch.sender, "recipient": batch.recipient})


def _info(batch: manifest.Batch | manifest.Volume, vol: int) -> bytes:
    """Binds the wrapped content key to its place: nobody can put someone else's ciphertext into another batch."""
    place = struct.pack(">QH", batch.seq, vol)
    names = b"\0".join([batch.sender.encode(), batch.recipient.encode()])
    return b"ZWFW-sync-key-v1\0" + UUID(batch.stream).bytes + place + names
