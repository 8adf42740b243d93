"""One wrong character: stretches of a text that nearly are the word. Pure.

The distance is the number of characters put in, left out, replaced or exchanged with their neighbour (optimal string
alignment) between the word and the nearest stretch of the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

SHORTEST, SHORTEST_LATIN = 3, 5
LONG, LONG_LATIN = 8, 16
LONGEST = 30


@dataclass(frozen=True, order=True)
class Near:
    """A stretch ``text[start:end]`` and its distance from the word."""

    distance: int
    start: int
    end: int


def most(word: str, *, latin: bool) -> int:
    """How many wrong characters a word of this length may have; short words are too near to too many,
    and overlong ones cost too much."""
    shortest, long = (SHORTEST_LATIN, LONG_LATIN) if latin else (SHORTEST, LONG)
    if not shortest <= len(word) <= LONGEST:
        return 0
    return 2 if len(word) >= long else 1


def kept(word: str, errors: int) -> Iterator[list[str]]:
    """What is left of the word around its wrong characters: a text near the word has all pieces of at least one list."""
    if errors == 1:
        for index in range(len(word)):
            yield [piece for piece in (word[:index], word[index + 1 :]) if piece]
        for index in range(len(word) - 1 if len(word) > SHORTEST_LATIN else 0):  # two exchanged neighbours
            yield [piece for piece in (word[:index], word[index + 2 :]) if piece]
        return
    quarter = len(word) // 4
    quarters = [word[quarter * n : quarter * (n + 1)] for n in range(3)] + [word[quarter * 3 :]]
    yield from (list(pair) for pair in combinations(quarters, 2))


def nearest(word: str, text: str, limit: int) -> Near | None:
    """The nearest stretch within ``limit``, 1 or 2, of a word of three characters or more; None when there is none."""
    if word in text:
        return Near(0, text.index(word), text.index(word) + len(word))
    if limit == 1:
        return _one_wrong(word, text)
    found = [near for near in _ends(word, text) if near.distance <= limit and near.start < near.end]
    return min(
        found, key=lambda near: (near.distance, abs(near.end - near.start - len(word)), near.start), default=None
    )


def _one_wrong(word: str, text: str) -> Near | None:
    for pattern in _patterns(word):
        if match := pattern.search(text):
            return Near(1, match.start(), match.end())
    return None


@lru_cache(maxsize=64)
def _patterns(word: str) -> list[re.Pattern[str]]:
    """The surest first: wrong within the word, one left out within it, wrong at its ends, one too many. An engine in C
    runs them ten times as fast as the table below is filled."""
    size, part = len(word), re.escape
    replaced = [f"{part(word[:n])}.{part(word[n + 1 :])}" for n in range(size)]
    exchanged = [part(word[:n] + word[n + 1] + word[n] + word[n + 2 :]) for n in range(size - 1)]
    missing = [f"{part(word[:n])}.{part(word[n:])}" for n in range(1, size)]
    too_many = [part(word[:n] + word[n + 1 :]) for n in range(size)]
    surest = (replaced[1:-1] + exchanged, missing, [replaced[0], replaced[-1]], too_many)
    return [re.compile("|".join(ways), re.DOTALL) for ways in surest]


def _ends(word: str, text: str) -> Iterator[Near]:
    """For each end in the text the nearest stretch that ends there (Sellers' algorithm): (distance, start) by length of
    the word's beginning, one column a character of the text."""
    size = len(word)
    before: list[tuple[int, int]] = []
    column = [(length, 0) for length in range(size + 1)]
    for end, char in enumerate(text, 1):
        earlier, before = before, column
        column = [(0, end)]
        for length in range(1, size + 1):
            replaced = before[length - 1]
            ways = [
                (replaced[0] + (word[length - 1] != char), replaced[1]),
                (before[length][0] + 1, before[length][1]),
                (column[length - 1][0] + 1, column[length - 1][1]),
            ]
            if length > 1 and earlier and word[length - 1] == text[end - 2] and word[length - 2] == char:
                ways.append((earlier[length - 2][0] + 1, earlier[length - 2][1]))
            column.append(min(ways))
        yield Near(column[size][0], column[size][1], end)
