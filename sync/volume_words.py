"""Numbers of volumes in words: 第 1、3–5 卷."""

from itertools import pairwise

MOST = 20


def of(numbers: list[int]) -> str:
    """These volumes, neighbours as ranges; a long list is cut."""
    return f"第 {_listed(_ranges(sorted(set(numbers))))} 卷"


def of_gaps(gaps: list[list[int]]) -> str:
    """Ranges ``[first, last]`` of missing volumes; ``last`` 0 is the end of a batch whose last volume is not here."""
    closed = [_range(first, last) for first, last in gaps if last]
    words = [f"第 {_listed(closed)} 卷"] if closed else []
    return "和".join([*words, *(f"第 {first} 卷起直到末卷" for first, last in gaps if not last)])


def _ranges(numbers: list[int]) -> list[str]:
    starts = [numbers[0], *(after for before, after in pairwise(numbers) if after > before + 1)]
    ends = [*(before for before, after in pairwise(numbers) if after > before + 1), numbers[-1]]
    return [_range(first, last) for first, last in zip(starts, ends, strict=True)]


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _listed(ranges: list[str]) -> str:
    return "、".join(ranges[:MOST]) + ("……等" if len(ranges) > MOST else "")
