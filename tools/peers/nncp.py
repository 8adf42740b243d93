"""Two NNCP nodes on this machine: a file from the one to the other, as their users carry it on a disk."""

import json
import re
import subprocess
import time
from pathlib import Path

from tools.peers.install import NNCP

_LINE = re.compile(r"^\s*(id|exchpub|exchprv|signpub|signprv|noiseprv|noisepub): (\w+)$", re.MULTILINE)
PUBLIC = ("id", "exchpub", "signpub", "noisepub")


class Nodes:
    """``a`` sends, ``b`` receives; each with keys, spool and configuration of its own under ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        keys = {name: _new_keys() for name in ("a", "b")}
        for name, other in (("a", "b"), ("b", "a")):
            home = folder / name
            for part in ("incoming", "spool"):
                (home / part).mkdir(parents=True)
            public = {side: {key: keys[side][key] for key in PUBLIC} for side in keys}
            neighbours = {"self": public[name], other: public[other] | {"incoming": str(home / "incoming")}}
            paths = {"spool": str(home / "spool"), "log": str(home / "log")}
            (home / "nncp.json").write_text(json.dumps(paths | {"self": keys[name], "neigh": neighbours}))

    def carry(self, file: Path) -> dict[str, float]:
        """Seconds to send, to take in from the disk, and to toss; the file is there afterwards, else AssertionError."""
        disk = self._folder / "disk"
        disk.mkdir(exist_ok=True)
        sent = self._run("a", "nncp-file", str(file), "b:")
        self._run("a", "nncp-xfer", "-mkdir", "-tx", str(disk))
        taken = self._run("b", "nncp-xfer", "-rx", str(disk))
        tossed = self._run("b", "nncp-toss")
        there = self._folder / "b" / "incoming" / file.name
        assert there.stat().st_size == file.stat().st_size
        there.unlink()
        return {"file": sent, "rx": taken, "toss": tossed}

    def _run(self, node: str, program: str, *arguments: str) -> float:
        command = [str(NNCP / program), "-cfg", str(self._folder / node / "nncp.json"), "-quiet", *arguments]
        started = time.perf_counter()
        subprocess.run(command, check=True)
        return time.perf_counter() - started


def _new_keys() -> dict[str, str]:
    made = subprocess.run([NNCP / "nncp-cfgnew", "-nocomments"], check=True, stdout=subprocess.PIPE, text=True)
    return dict(_LINE.findall(made.stdout))
