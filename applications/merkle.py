"""A Merkle tree over the heads of cases: one root for many, and a short path that proves one without showing the others. Pure.

Leaves and nodes are hashed with different first bytes (RFC 6962), so that neither can be passed off as the other.
"""

import hashlib
from collections.abc import Sequence

from sync import canonical

Step = tuple[str, str]  # ("left" | "right": where the sibling stands, its hash in hex)


def leaf(case_uid: str, place: int, digest: str) -> str:
    """The hash (hex) of one case's head."""
    return hashlib.sha256(b"\x00" + canonical.encode([case_uid, place, digest])).hexdigest()


def root(leaves: Sequence[str]) -> str:
    """The root (hex) of leaf hashes in their order; ValueError without any."""
    if not leaves:
        raise ValueError("a tree without leaves has no root")
    row = list(leaves)
    while len(row) > 1:
        row = _above(row)
    return row[0]


def path(leaves: Sequence[str], index: int) -> list[Step]:
    """What leads from the leaf at ``index`` to the root."""
    steps: list[Step] = []
    row = list(leaves)
    while len(row) > 1:
        sibling = index ^ 1
        if sibling < len(row):
            steps.append(("left" if sibling < index else "right", row[sibling]))
        row, index = _above(row), index // 2
    return steps


def climb(start: str, steps: Sequence[Sequence[str]]) -> str:
    """The root that a leaf hash and its path lead to."""
    for side, sibling in steps:
        start = _node(sibling, start) if side == "left" else _node(start, sibling)
    return start


def _above(row: list[str]) -> list[str]:
    """The next row; a last one without sibling is handed up as it is."""
    pairs = [_node(first, second) for first, second in zip(row[::2], row[1::2], strict=False)]
    return pairs + row[len(pairs) * 2 :]


def _node(first: str, second: str) -> str:
    return hashlib.sha256(b"\x01" + bytes.fromhex(first) + bytes.fromhex(second)).hexdigest()
