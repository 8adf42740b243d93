"""One large attachment across the gap against the same file through NNCP 8.8, in turns in one run on this machine."""

import shutil
import tempfile
from pathlib import Path

from bench import halls, sync_memory, sync_peers
from tools.peers.install import nncp_is_here
from tools.peers.nncp import Nodes
from tools.sites import Site

MIB = 512
ROUNDS = 3


def run() -> dict[str, float]:
    """Times as fast as NNCP (larger is better), the best of three rounds on either side.

    ``sync_attachments_over_nncp``: sealed, taken in from the disk and opened, over ``nncp-file``, ``nncp-xfer -rx`` and
    ``nncp-toss``; ``…_over_nncp_without_rx`` leaves out that NNCP has to take it in, too. MiB a second of ours. Empty
    without ``make bench-peers``.
    """
    if not nncp_is_here():
        return {}
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as scratch:
        outer, inner = (sync_peers.copy(site, Path(scratch)) for site in halls.fresh())
        outer.manage("seal_batch", "--to", outer.folder / "first")
        inner.manage("open_batch", outer.folder / "first")
        nodes = Nodes(Path(scratch) / "nncp")
        for number in range(ROUNDS):
            file = Path(scratch) / f"file-{number}"
            sync_memory.side(outer, "make", file, MIB)
            theirs.append(nodes.carry(file))
            acts = (("send_file", outer, file), ("receive_file", inner, file.with_suffix(".d")))
            ours.append({act: sync_memory.side(site, act, path, MIB)["seconds"] for act, site, path in acts})
            file.unlink()
            _forget(outer, inner, file.with_suffix(".d"))
    best = {name: min(one[name] for one in (*ours, *theirs) if name in one) for name in (*ours[0], *theirs[0])}
    sealed, opened = best["send_file"], best["receive_file"]
    return {
        "sync_attachments_over_nncp": (best["file"] + best["rx"] + best["toss"]) / (sealed + opened),
        "sync_attachments_over_nncp_without_rx": (best["file"] + best["toss"]) / (sealed + opened),
        "sync_attachments_seal_mib_per_second": MIB / sealed,
        "sync_attachments_open_mib_per_second": MIB / opened,
    }


def _forget(outer: Site, inner: Site, disk: Path) -> None:
    """Remove what both sides keep, as NNCP does by itself: fresh memory for files costs more than all of this on some machines."""
    for path in (disk, outer.folder / "batches" / "sent", inner.folder / "batches" / "archive"):
        shutil.rmtree(path)
    for site in (outer, inner):
        shutil.rmtree(site.folder / "files" / "blobs")
