"""One batch file: written from sealed content, and opened step by step with everything checked before it is used."""

import hashlib
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from sync import canonical, container, envelope, frames, manifest, rotation, suites
from sync.keys import Card, SiteKeys
from sync.reasons import Refused


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into a file: the batch manifest without its volumes, and the streams of blobs and record lines."""

    batch: manifest.Batch
    blobs: Iterable[frames.Blob]
    lines: Iterable[bytes]


def name_of(batch: manifest.Batch) -> str:
    """The usual file name: a hint for people, nothing is decided by it."""
    return f"{batch.sender[:5]}2{batch.recipient[:5]}-{batch.stream[:8]}-{batch.seq:010d}-0001.zip"


def write(handle: IO[bytes], content: Content, keys: SiteKeys, peer: Card) -> None:
    """Write a whole batch file of one volume."""
    batch = content.batch
    suite, writer, size = suites.named(peer.suite), container.Writer(handle), 0
    digests = _digests(suite)
    plain = frames.write(
        _header(batch.stream, batch.seq, batch.sender, batch.recipient),
        content.blobs,
        content.lines,
        packed=suite.seals,
    )
    info = _info(batch.stream, batch.seq, batch.sender, batch.recipient)

    def sealed() -> Iterator[bytes]:
        nonlocal size
        for piece in suite.encrypt(plain, bytes.fromhex(peer.seal), info):
            for digest in digests.values():
                digest.update(piece)
            size += len(piece)
            yield piece

    writer.add("data.bin", sealed())
    volume = manifest.to_bytes(
        manifest.Volume(
            format=manifest.FORMAT,
            suite=suite.name,
            stream=batch.stream,
            seq=batch.seq,
            vol=1,
            last=True,
            sender=batch.sender,
            recipient=batch.recipient,
            sender_key=keys.card.sign_id,
            recipient_key=peer.seal_id,
            size=size,
            **{name: digest.hexdigest() for name, digest in digests.items()},
        )
    )
    whole = manifest.to_bytes(batch.model_copy(update={"volumes": [hashlib.sha256(volume).hexdigest()]}))
    writer.add("volume.json", [volume])
    writer.add("volume.sig", [keys.sign(envelope.VOLUME_CONTEXT, volume)])
    writer.add("batch.json", [whole])
    writer.add("batch.sig", [keys.sign(envelope.BATCH_CONTEXT, whole)])
    writer.close()


class BatchFile:
    """An opened batch file whose shape, signatures and manifests are good; ``data.bin`` has not been looked at yet.

    ``signers`` are the cards of those who may sign. Refused from the constructor says what is wrong. No byte of a
    manifest is parsed before its signature is verified.
    """

    def __init__(self, handle: IO[bytes], signers: Iterable[Card], own: SiteKeys | None = None) -> None:
        self._box = container.Reader(handle)
        signer, raw = self._signed("volume", envelope.VOLUME_CONTEXT, list(signers), own)
        self.signer = signer
        self._suite = suites.named(signer.suite)
        self.volume = manifest.read(manifest.Volume, raw)
        _, raw_batch = self._signed("batch", envelope.BATCH_CONTEXT, [signer], own)
        self.batch = manifest.read(manifest.Batch, raw_batch)
        self.volume_hash = hashlib.sha256(raw).hexdigest()
        self._check_volume()
        self._check_batch()

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
        if self._box.length("data.bin") != self.volume.size:
            raise Refused("data_hash", "长度不符")
        digests = _digests(self._suite)
        for piece in self._box.pieces("data.bin"):
            for digest in digests.values():
                digest.update(piece)
        for name, digest in digests.items():
            if digest.hexdigest() != getattr(self.volume, name):
                raise Refused("data_hash", name)

    @property
    def sealed(self) -> bool:
        """Whether keys are needed to read the content."""
        return self._suite.seals

    def contents(self, keys: SiteKeys | None) -> "Contents":
        """The decrypted content, to be read once. Call after ``check_data``."""
        suite = self._suite
        content_key = self._content_key(keys) if suite.seals and keys else b""
        chunks = self._box.chunks("data.bin", suite.header, suite.chunk)
        return Contents(self.batch, _refusing(suite.decrypt(chunks, content_key)), packed=suite.seals)

    def _content_key(self, keys: SiteKeys) -> bytes:
        volume = self.volume
        info = _info(volume.stream, volume.seq, volume.sender, volume.recipient)
        try:
            recipient, wrapped = self._suite.read_wrapped(self._box.head("data.bin", self._suite.header))
            if recipient.hex() != volume.recipient_key:
                raise Refused("wrong_recipient", recipient.hex())
            return keys.unwrap(volume.recipient_key, wrapped, info)
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
        if volume.vol != 1 or not volume.last:
            raise Refused("bad_manifest", "分卷批次需要更新的版本")

    def _check_batch(self) -> None:
        batch, volume = self.batch, self.volume
        same = (batch.stream, batch.seq, batch.sender, batch.recipient)
        if same != (volume.stream, volume.seq, volume.sender, volume.recipient) or batch.volumes != [self.volume_hash]:
            raise Refused("mixed")
        if manifest.content_root(batch.model_dump()) != batch.content_root:
            raise Refused("bad_manifest", "content_root")
        if batch.records < 0 or sum(kind.count for kind in batch.kinds) != batch.records:
            raise Refused("bad_manifest", "kinds")
        if (batch.prev == "") != (batch.seq == 1):
            raise Refused("bad_manifest", "prev")
        rotation.check(batch, self.signer)


class Contents:
    """Blobs first, then records; ``finish`` compares what was seen with what was signed."""

    def __init__(self, batch: manifest.Batch, pieces: Iterator[bytes], *, packed: bool = True) -> None:
        self._batch = batch
        self._frames = frames.Reader(pieces, packed=packed)
        self._blob_root = manifest.BlobRoot()
        if self._frames.header != _header(batch.stream, batch.seq, batch.sender, batch.recipient):
            raise Refused("mixed", "内层头部")

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


def _digests(suite: suites.Suite) -> dict[str, suites.Digest]:
    """The hashes of ``data.bin`` that ``volume.json`` carries, by their field."""
    return {"sha256": hashlib.sha256(), **suite.more_digests()}


def _header(stream: str, seq: int, sender: str, recipient: str) -> bytes:
    fields = {"format": manifest.FORMAT, "stream": stream, "seq": seq, "vol": 1}
    return canonical.encode(fields | {"sender": sender, "recipient": recipient})


def _info(stream: str, seq: int, sender: str, recipient: str) -> bytes:
    """Binds the wrapped content key to its place: nobody can put someone else's ciphertext into another batch."""
    place = struct.pack(">QH", seq, 1)
    names = b"\0".join([sender.encode(), recipient.encode()])
    return b"ZWFW-sync-key-v1\0" + UUID(stream).bytes + place + names
