"""docs/BATCH_FORMAT.md is enough to write a reader: this one uses nothing of ``sync`` but what it must read."""

import hashlib
import json
import struct
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import zstandard
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sync.reasons import REASONS
from tests.sync.peer import Peer, line, name_of
from tests.sync.sites import ROOT


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def plaintext(data: bytes, key: X25519PrivateKey, info: bytes) -> bytes:
    count, _, length = struct.unpack_from(">B8sH", data)
    assert (count, length) == (1, 80)
    suite = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
    aead, chunks = AESGCM(bytes(suite.decrypt(data[11:91], key, info))), data[91:]
    step, plain = 2**20 + 16, b""
    for counter, at in enumerate(range(0, len(chunks), step)):
        nonce = bytes(7) + struct.pack(">IB", counter, at + step >= len(chunks))
        plain += aead.decrypt(nonce, chunks[at : at + step], None)
    return plain


def frames(plain: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at < len(plain):
        kind, length = struct.unpack_from(">cI", plain, at)
        found.append((kind, plain[at + 5 : at + 5 + length]))
        at += 5 + length
    return found


def test_read_by_the_page_alone(tmp_path: Path) -> None:
    receiver = Peer(tmp_path / "inner", "inner")
    sender = Peer(tmp_path / "outer", "outer", receiver.keys.card)
    scan = b"scan" * 700_000
    lines = [line(1, blobs=[name_of(scan)]), line(2, payload={"名": "一站 😀\n"})]
    path = sender.batch(lines, blobs={name_of(scan): scan})

    with zipfile.ZipFile(path) as archive:
        data, volume_raw, volume_sig, batch_raw, batch_sig = (archive.read(name) for name in archive.namelist())
    public = bytes.fromhex(sender.keys.card.sign)
    for raw, signature, kind in ((volume_raw, volume_sig, b"volume"), (batch_raw, batch_sig, b"batch")):
        assert signature[:8] == sha256(public)[:8]
        Ed25519PublicKey.from_public_bytes(public).verify(signature[8:], b"ZWFW-sync-" + kind + b"-v1\0" + raw)
    volume, batch = json.loads(volume_raw), json.loads(batch_raw)
    assert (len(data), sha256(data).hex()) == (volume["size"], volume["sha256"])
    assert batch["volumes"] == [sha256(volume_raw).hex()]
    content = {k: v for k, v in batch.items() if k not in ("content_root", "volumes", "writer", "created_at")}
    assert sha256(b"ZWFW-sync-content-v1\0", canonical(content)).hex() == batch["content_root"]

    stream = UUID(volume["stream"]).bytes
    info = b"ZWFW-sync-hpke-v1\0" + stream + struct.pack(">QH", volume["seq"], volume["vol"]) + b"outer\0inner"
    (kind, header), *rest = frames(plaintext(data, receiver.keys._seal, info))
    same = {name: volume[name] for name in ("format", "recipient", "sender", "seq", "stream", "vol")}
    assert (kind, json.loads(header)) == (b"H", same)
    assert b"".join(payload[48:] for kind, payload in rest if kind == b"B") == scan
    root = sha256(b"ZWFW-sync-blobs-v1\0", bytes.fromhex(name_of(scan)), struct.pack(">Q", len(scan)))
    assert batch["blobs"] == {"count": 1, "bytes": len(scan), "root": root.hex()}
    packed = b"".join(zstandard.ZstdDecompressor().decompress(payload) for kind, payload in rest if kind == b"R")
    assert packed.splitlines() == lines

    head = sha256(b"ZWFW-sync-chain-v1\0", stream)
    assert head.hex() == batch["chain_before"]
    for one in packed.splitlines():
        head = sha256(head, one)
    assert head.hex() == batch["chain_after"]


def test_every_reason_is_on_the_page() -> None:
    page = (ROOT / "docs" / "BATCH_FORMAT.md").read_text()
    assert [code for code in REASONS if f"`{code}`" not in page] == []
