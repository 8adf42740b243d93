"""What people say and what the guides call it: the synonyms kept by staff, applied to a query."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from matters.models import Synonym
from matters.search.question import Word
from matters.search.text import is_latin, normalised, pieces

MOST = 6
LONGEST = 20


def understood(words: list[str]) -> list[Word]:
    """The words with what they mean as well: 换驾照 also means 换驾驶证 when staff say that 驾照 means 驾驶证. One query."""
    if not words:
        return []
    means = _means(words)
    return [Word(word, tuple(dict.fromkeys(_others(word, means)))[:MOST]) for word in words]


def _means(words: Iterable[str]) -> dict[str, list[str]]:
    """What each stretch of the words means, by how it is typed."""
    stretches = {piece for word in words for size in range(1, LONGEST + 1) for piece in pieces(word, size)}
    latin = [word for word in words if is_latin(word)]
    rows = Synonym.objects.filter(Q(word__in=stretches) | Q(pinyin__in=latin) | Q(initials__in=latin))
    found: dict[str, list[str]] = defaultdict(list)
    for synonym in rows:
        for typed in {synonym.word, synonym.pinyin, synonym.initials} - {""}:
            found[typed].append(normalised(synonym.means))
    return found


def _others(word: str, means: dict[str, list[str]]) -> Iterable[str]:
    for typed, others in means.items():
        if typed == word or (typed in word and not is_latin(typed)):
            yield from (word.replace(typed, other) for other in others)
