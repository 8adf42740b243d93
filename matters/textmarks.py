"""Marks inside a sentence: what was struck out and what was put in, in pieces that a person can read. Pure."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

# A Chinese character is a word; Latin words and numbers stay whole: 20 → 15 is one change, not two.
WORD = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
SENTENCE = re.compile(r"[^。；;\n]*[。；;\n]|[^。；;\n]+")
# Above this many pairs of words whole sentences are compared: two long texts word by word would take seconds.
MOST_PAIRS = 1_000_000
# One letter that stayed between two changes only makes them harder to read.
SHORTEST_KEPT = 2
MOSTLY_NEW = 0.3


class Mark(NamedTuple):
    """A piece of text that stayed, was struck out or was put in."""

    kind: Literal["same", "del", "ins"]
    text: str


def marks(before: str, after: str) -> list[Mark]:
    """The pieces in reading order; those kept and struck out make ``before``, those kept and put in make ``after``."""
    old, new = WORD.findall(before), WORD.findall(after)
    if len(old) * len(new) > MOST_PAIRS:
        old, new = SENTENCE.findall(before), SENTENCE.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.quick_ratio() < MOSTLY_NEW:
        return _joined([Mark("del", before), Mark("ins", after)])
    pieces: list[Mark] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            kept = "".join(old[a:b])
            is_inside = a > 0 and c > 0 and b < len(old) and d < len(new)
            if is_inside and len(kept.strip()) < SHORTEST_KEPT:
                pieces += [Mark("del", kept), Mark("ins", kept)]
            else:
                pieces.append(Mark("same", kept))
        else:
            pieces += [Mark("del", "".join(old[a:b])), Mark("ins", "".join(new[c:d]))]
    return _joined(pieces)


def _joined(pieces: list[Mark]) -> list[Mark]:
    """Between two kept pieces one struck-out and one put-in piece, no empty ones."""
    joined: list[Mark] = []
    gone, come = "", ""
    for kind, text in [*pieces, Mark("same", "")]:
        if kind == "del":
            gone += text
        elif kind == "ins":
            come += text
        else:
            joined += [Mark("del", gone), Mark("ins", come), Mark("same", text)]
            gone, come = "", ""
    return [piece for piece in joined if piece.text]
