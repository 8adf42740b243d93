"""Send a part of a large file, so that a broken download goes on where it stopped (RFC 9110, 14)."""

import re
from collections.abc import Iterator
from typing import IO

PIECE = 64 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class OutOfRange(ValueError):
    """No byte of what was asked for exists."""


def wanted(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte (both included) that ``Range`` asks for; None when all of it is to be sent, which is also the answer to
    several ranges or nonsense. OutOfRange when it asks for nothing that is there."""
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found.group() == "bytes=-":
        return None
    first, last = (int(part) if part else None for part in found.groups())
    if first is None:  # the last so many bytes
        if not last or not size:
            raise OutOfRange
        return max(size - last, 0), size - 1
    if last is not None and last < first:
        return None
    if first >= size:
        raise OutOfRange
    return first, size - 1 if last is None else min(last, size - 1)


def pieces(file: IO[bytes], first: int, last: int) -> Iterator[bytes]:
    """The bytes from ``first`` to ``last``; closes the file."""
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
