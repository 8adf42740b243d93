"""Arrived files in groups: small enough to stop between two of them, large enough to be opened in their order."""

from collections.abc import Iterator
from pathlib import Path

MOST_FILES = 16
MOST_BYTES = 64 * 1024 * 1024


def groups(files: list[Path]) -> Iterator[list[Path]]:
    """Groups of at most 16 files and, unless a single file is larger, 64 MiB."""
    group: list[Path] = []
    size = 0
    for path in files:
        length = path.stat().st_size if path.exists() else 0
        if group and (len(group) == MOST_FILES or size + length > MOST_BYTES):
            yield group
            group, size = [], 0
        group.append(path)
        size += length
    if group:
        yield group
