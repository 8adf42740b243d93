"""What people say and what the guides call it: the synonyms kept by staff, applied to a query."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from matters.models import Synonym
from matters.search.question import Word
from matters.search.text import is_latin, normalised, pieces

MOST = 6
LONGEST = 20

# What is typed (a word, its pinyin or its initials) and what it means.
Meanings = Mapping[str, list[str]]


def read() -> Meanings:
    """All synonyms, by each way to type them. One query."""
    found: dict[str, list[str]] = defaultdict(list)
    for synonym in Synonym.objects.all():
        for typed in {synonym.word, synonym.pinyin, synonym.initials} - {""}:
            found[typed].append(normalised(synonym.means))
    return dict(found)


def understood(words: list[str], meanings: Meanings) -> list[Word]:
    """The words with what they mean as well: 换驾照 also means 换驾驶证 when staff say that 驾照 means 驾驶证."""
    return [Word(word, tuple(dict.fromkeys(_others(word, meanings)))[:MOST]) for word in words]


def _others(word: str, meanings: Meanings) -> Iterator[str]:
    yield from meanings.get(word, ())
    if is_latin(word) or not meanings:
        return
    for size in range(1, min(LONGEST, len(word) - 1) + 1):
        for piece in pieces(word, size):
            yield from (word.replace(piece, other) for other in meanings.get(piece, ()) if not is_latin(piece))
