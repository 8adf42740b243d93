"""Batch files taken apart and put together again, well formed whatever is inside."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from sync import canonical, container, envelope, suites
from tests.sync.peer import Peer


def members_of(path: Path) -> dict[str, bytes]:
    """The bytes of each member."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, members: dict[str, bytes]) -> Path:
    """Write the members back in a container of the right shape."""
    with path.open("w+b") as handle:
        writer = container.Writer(handle)
        for name in container.MEMBERS:
            writer.add(name, [members[name]])
        writer.close()
    return path


def signed(sender: Peer, members: dict[str, bytes], volume: dict[str, Any] | None = None) -> dict[str, bytes]:
    """The members with hashes of their ``data.bin`` and signatures that are right: only the sender can do this."""
    data, fields = members["data.bin"], volume or json.loads(members["volume.json"])
    fields |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    for name, digest in suites.named(sender.keys.card.suite).more_digests().items():
        digest.update(data)
        fields[name] = digest.hexdigest()
    raw = canonical.encode(fields)
    batch = json.loads(members["batch.json"]) | {"volumes": [hashlib.sha256(raw).hexdigest()]}
    whole = canonical.encode(batch)
    return members | {
        "volume.json": raw,
        "volume.sig": sender.keys.sign(envelope.VOLUME_CONTEXT, raw),
        "batch.json": whole,
        "batch.sig": sender.keys.sign(envelope.BATCH_CONTEXT, whole),
    }
