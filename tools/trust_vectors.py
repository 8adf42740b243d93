"""Makes docs/vectors/trust/ anew: trust files, good and bad, and batches by a stolen key; part of ``python -m tools.vectors``."""

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sync import canonical, keys, root_key, trust, trust_files
from tests.sync.peer import Peer, line

STREAM = UUID("11111111-1111-4111-8111-111111111111")
AT = "2026-03-02T09:00:00.000000+00:00"
# The keys of the vectors are public, and so is what protects this one.
PASSPHRASE = "public test vectors"


@dataclass(frozen=True)
class TrustVector:
    """One file, and the code that a reader must give which has used the files of ``after`` before; "" for accepted."""

    file: str
    what: str
    code: str = ""
    after: list[str] = field(default_factory=list)


def sender(folder: Path) -> Peer:
    """The outer site of the vectors, with a root key."""
    peer = Peer(folder / "outer", "outer", keys.load(folder / "inner", "inner").card)
    peer.start(STREAM)
    card = peer.keys.card.model_copy(update={"root": root(folder).public()})
    peer.keys = keys.SiteKeys(card, peer.keys.signer, peer.keys.opener)
    return peer


def root(folder: Path) -> root_key.RootKey:
    """The root key of the outer site; made when it is not there."""
    if not (folder / "trust" / "root" / root_key.FILE).exists():
        root_key.make(folder / "trust" / "root", folder / "trust" / "site", PASSPHRASE)
        shutil.rmtree(folder / "trust" / "site")
    return root_key.load(folder / "trust" / "root", "intl", PASSPHRASE)


def write(folder: Path) -> int:
    """Write the set below ``folder``, with the keys that are there; how many files it has."""
    target, old = folder / "trust", sender(folder)
    keys.create(target / "new", "outer", "intl")
    new = keys.load(target / "new", "outer")
    (target / "outer.card.json").write_bytes(old.keys.card.to_bytes())
    made = _statements(target, old, new, root(folder)) + _batches(target, old, new)
    index = {"format": trust.FORMAT, "vectors": [asdict(vector) for vector in made]}
    (target / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n")
    return len(made)


def _fields(old: Peer, new: keys.SiteKeys) -> dict[str, Any]:
    gone = {"reason": "服务器被入侵", "at": AT}
    signed = {"use": "sign", "public": old.keys.card.sign, "stream": str(STREAM), "from_seq": 1} | gone
    sealed = {"use": "seal", "public": old.keys.card.seal, "stream": "", "from_seq": 0} | gone
    fields = {"format": trust.FORMAT, "side": "outer", "suite": "intl", "version": 2, "issued_at": AT}
    return fields | {"sign": new.card.sign, "seal": new.card.seal, "revoked": [signed, sealed]}


def _statements(target: Path, old: Peer, new: keys.SiteKeys, key: root_key.RootKey) -> list[TrustVector]:
    fields = _fields(old, new)
    good = canonical.encode(fields)
    made: list[TrustVector] = []

    def put(name: str, what: str, code: str, body: bytes, **more: Any) -> None:
        signature = more.pop("signature", key.sign(trust_files.CONTEXT, body))
        data = signature.hex().encode() + b"\n" + body + more.pop("end", b"\n")
        (target / f"{name}.trust").write_bytes(data)
        made.append(TrustVector(f"{name}.trust", what, code, **more))

    put("good", "the keys of the outer site were stolen", "", good)
    put("good-3", "a later one", "", canonical.encode(fields | {"version": 3}), after=["good.trust"])
    put("old", "an older one", "old_trust", canonical.encode(fields | {"version": 1}), after=["good.trust"])
    twin = canonical.encode(fields | {"revoked": []})
    put("twin", "another one of the same version", "old_trust", twin, after=["good.trust"])
    back = canonical.encode(fields | {"version": 3, "sign": old.keys.card.sign, "revoked": []})
    put("back", "a later one goes back to the stolen key", "old_trust", back, after=["good.trust"])
    by_thief = old.keys.sign(trust_files.CONTEXT, good)
    put("wrong_root", "signed by the stolen key", "wrong_root", good, signature=by_thief)
    other = key.sign(trust_files.CONTEXT, twin)
    put("bad_signature", "the list was changed after signing", "bad_signature", good, signature=other)
    context = key.sign(b"ZWFW-sync-receipt-v1\0", good)
    put("bad_signature-context", "signed as if it were a receipt", "bad_signature", good, signature=context)
    put("wrong_sender", "of another side", "wrong_sender", canonical.encode(fields | {"side": "other"}))
    clear = canonical.encode(fields | {"suite": "clear", "seal": ""})
    put("wrong_suite", "of another suite", "wrong_suite", clear)
    put("bad_note", "the line feed at the end is missing", "bad_note", good, end=b"")
    put("bad_manifest-space", "a space", "bad_manifest", good.replace(b'"version":2', b'"version": 2'))
    put("bad_manifest-more", "an unknown field", "bad_manifest", canonical.encode(fields | {"more": 1}))
    stolen = canonical.encode(fields | {"sign": old.keys.card.sign})
    put("bad_manifest-stolen", "the present key is among the revoked ones", "bad_manifest", stolen)
    return made


def _batches(target: Path, old: Peer, new: keys.SiteKeys) -> list[TrustVector]:
    made = []
    for name, signer, code, after in (
        ("by-stolen-key", old.keys, "key_revoked", ["good.trust"]),
        ("by-new-key", new, "", ["good.trust"]),
        ("by-new-key-early", new, "unknown_key", []),
    ):
        path = old.batch([line(1)], name=f"{name}.zip", sign_with=signer, keep_heads=True)
        path.replace(target / path.name)
        made.append(TrustVector(path.name, f"a first batch, {name.replace('-', ' ')}", code, after))
    path.parent.rmdir()
    return made
