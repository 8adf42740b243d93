"""One launcher at a time on a demo's data. The lock goes with its process, however that ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DemoBusy(RuntimeError):
    """Another launcher holds the demo's data."""


@contextmanager
def hold(root: Path) -> Iterator[None]:
    """Hold the demo under ``root``; DemoBusy when another process does."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DemoBusy(f"{root} 的演示正在运行或正在生成，请先在它的窗口按 Ctrl-C 停止。") from error
        yield
