"""docs/BATCH_FORMAT.md is enough to write a reader: this one uses nothing of ``sync`` but what it must read."""

import base64
import hashlib
import json
import struct
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import gmalg
import zstandard
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3, Hash

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
    info = b"ZWFW-sync-key-v1\0" + stream + struct.pack(">QH", volume["seq"], volume["vol"]) + b"outer\0inner"
    (kind, header), *rest = frames(plaintext(data, receiver.keys.opener._key, info))
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


def unzipped(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]


def gm_plaintext(data: bytes, key: gmalg.SM2, info: bytes) -> bytes:
    count, _, length = struct.unpack_from(">B8sH", data)
    assert (count, length) == (1, 144)
    opened = key.decrypt(b"\x04" + data[11:155])
    assert opened[16:] == sm3(info)
    chunks, step, plain = data[155:], 2**20 + 16, b""
    for counter, at in enumerate(range(0, len(chunks), step)):
        sealed = chunks[at : at + step]
        nonce = bytes(7) + struct.pack(">IB", counter, at + step >= len(chunks))
        cipher = Cipher(SM4(opened[:16]), GCM(nonce, sealed[-16:])).decryptor()
        plain += cipher.update(sealed[:-16]) + cipher.finalize()
    return plain


def sm3(data: bytes) -> bytes:
    digest = Hash(SM3())
    digest.update(data)
    return digest.finalize()


def test_gm_read_by_the_page_alone(tmp_path: Path) -> None:
    receiver = Peer(tmp_path / "inner", "inner", suite="gm")
    sender = Peer(tmp_path / "outer", "outer", receiver.keys.card, suite="gm")
    scan = b"scan" * 300_000
    lines = [line(1, blobs=[name_of(scan)]), line(2)]
    path = sender.batch(lines, blobs={name_of(scan): scan})

    data, volume_raw, volume_sig, batch_raw, batch_sig = unzipped(path)
    public = bytes.fromhex(sender.keys.card.sign)
    signer = gmalg.SM2(uid=b"1234567812345678", pk=b"\x04" + public)
    for raw, signature, kind in ((volume_raw, volume_sig, b"volume"), (batch_raw, batch_sig, b"batch")):
        assert (len(signature), signature[:8]) == (72, sha256(public)[:8])
        assert signer.verify(b"ZWFW-sync-" + kind + b"-v1\0" + raw, signature[8:40], signature[40:])
    volume = json.loads(volume_raw)
    assert (volume["suite"], volume["sha256"], volume["sm3"]) == ("gm", sha256(data).hex(), sm3(data).hex())

    pem = b"".join((tmp_path / "inner" / "keys" / "sync_seal.pem").read_bytes().splitlines()[1:-1])
    private = base64.b64decode(pem)[36:68]
    info = b"ZWFW-sync-key-v1\0" + UUID(volume["stream"]).bytes + struct.pack(">QH", 1, 1) + b"outer\0inner"
    (kind, header), *rest = frames(gm_plaintext(data, gmalg.SM2(private), info))
    assert (kind, json.loads(header)["stream"]) == (b"H", volume["stream"])
    assert b"".join(payload[48:] for kind, payload in rest if kind == b"B") == scan
    packed = b"".join(zstandard.ZstdDecompressor().decompress(payload) for kind, payload in rest if kind == b"R")
    assert packed.splitlines() == lines


def test_clear_is_read_with_nothing(tmp_path: Path) -> None:
    receiver = Peer(tmp_path / "inner", "inner", suite="clear")
    sender = Peer(tmp_path / "outer", "outer", receiver.keys.card, suite="clear")
    lines = [line(1, blobs=[name_of(b"scan")]), line(2, payload={"名": "一站"})]
    data, volume_raw, _, batch_raw, _ = unzipped(sender.batch(lines, blobs={name_of(b"scan"): b"scan"}))

    volume, batch = json.loads(volume_raw), json.loads(batch_raw)
    assert (volume["suite"], volume["size"], volume["sha256"]) == ("clear", len(data), sha256(data).hex())
    assert volume["recipient_key"] == sha256(bytes.fromhex(receiver.keys.card.sign))[:8].hex()
    assert batch["volumes"] == [sha256(volume_raw).hex()]
    (kind, header), *rest = frames(data)
    assert (kind, json.loads(header)["sender"]) == (b"H", "outer")
    assert [(kind, payload[48:]) for kind, payload in rest if kind == b"B"] == [(b"B", b"scan")]
    assert b"".join(payload for kind, payload in rest if kind == b"L").splitlines() == lines


def test_every_reason_is_on_the_page() -> None:
    page = (ROOT / "docs" / "BATCH_FORMAT.md").read_text()
    assert [code for code in REASONS if f"`{code}`" not in page] == []
