"""A disk of ours and one of the peer."""

from pathlib import Path

import pytest

from sync import manifest
from sync.transports.disk import contents, copying
from tests.sync.peer import Peer


@pytest.fixture
def disk(peer: Peer, tmp_path: Path) -> Path:
    root = tmp_path / "disk"
    root.mkdir()
    return root


@pytest.fixture
def their_disk(peer: Peer, disk: Path) -> Path:
    """A disk of the peer: two batches and a heartbeat, with a table."""
    folder = disk / "zwfw-sync"
    folder.mkdir()
    entries = []
    for path in (peer.batch(), peer.batch(), peer.batch([])):
        target = path.rename(folder / path.name)
        digest = copying.digest_of(target)
        entries.append(
            contents.Entry(name=path.name, seq=peer.seq, vol=1, of=1, size=target.stat().st_size, sha256=digest)
        )
    head = manifest.StreamHead(stream=str(peer.stream), seq=3, rseq=2, chain=peer.chain.hex())
    index = contents.Index(
        sender="outer", recipient="inner", journey="0" * 16, disk=1, disks=2, files=entries, head=head
    )
    contents.write(folder, index, peer.keys)
    return disk
