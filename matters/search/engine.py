"""Finding published matters by words and properties, best first, whatever the size of the catalogue."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import and_

from matters import queries
from matters.models import Matter
from matters.search import bits, entry, index, question, shown, synonyms
from matters.search.question import Word
from matters.search.sets import State
from matters.search.shown import Part, Reason
from matters.search.text import words as words_of

# Properties that lists are narrowed by; the names are those in the addresses.
FACETS = ("audience", "theme", "life", "department", "type", "level", "depth", "online")


@dataclass(frozen=True)
class Shelf:
    """What a process remembers of the index as long as its stamp holds: everything that does not depend on the words."""

    state: State
    published: int
    facets: Mapping[str, Mapping[str, int]]
    slices: Sequence[int]
    meanings: synonyms.Meanings


_shelf: Shelf | None = None


def shelf() -> Shelf:
    """The remembered part of the index, read again when somebody wrote since."""
    global _shelf
    state = index.current()
    if _shelf is None or _shelf.state.stamp != state.stamp:
        _shelf = _read(state)
    return _shelf


def _read(state: State) -> Shelf:
    sets = index.facet_sets(state.first_slot)
    facets: dict[str, dict[str, int]] = defaultdict(dict)
    for key, members in sets.items():
        name, _, value = key.partition(":")
        facets[name][value] = members
    return Shelf(state, sets.get(entry.PUBLISHED, 0), dict(facets), index.visit_slices(sets), synonyms.read())


@dataclass(frozen=True)
class Hit:
    """A matter that was found: its name with the words marked, and where else they are."""

    matter: Matter
    title: list[Part]
    reasons: list[Reason]


@dataclass(frozen=True)
class Found:
    """The finds, best first: a sequence of hits that is only read where it is looked at."""

    shelf: Shelf
    words: list[Word]
    all_tiers: list[int]
    narrow: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def tiers(self) -> list[int]:
        """Narrowed; each holds the better ones too."""
        pool = self._pool()
        return [tier & pool for tier in self.all_tiers]

    def _pool(self, without: str = "") -> int:
        """Published matters with the properties asked for, except one."""
        wanted = [self._members(name, value) for name, value in self.narrow.items() if value and name != without]
        return reduce(and_, wanted, self.shelf.published)

    def _members(self, name: str, value: str) -> int:
        return self.shelf.facets.get(name, {}).get(value, 0)

    def count(self) -> int:
        """How many were found."""
        return self.tiers[-1].bit_count() if self.tiers else 0

    __len__ = count

    @property
    def anything(self) -> bool:
        """Whether there are finds, whatever they were narrowed by."""
        return bool(self.all_tiers and self.all_tiers[-1] & self.shelf.published)

    def counts(self, facet: str) -> dict[str, int]:
        """How many there would be for each value of a property, the other properties staying as asked for."""
        pool = (self.all_tiers[-1] if self.all_tiers else 0) & self._pool(without=facet)
        numbers = {value: (pool & set_).bit_count() for value, set_ in self.shelf.facets.get(facet, {}).items()}
        return {value: number for value, number in numbers.items() if number}

    def __getitem__(self, which: slice) -> list[Hit]:
        start, stop, _step = which.indices(self.count())
        return [self._hit(matter) for matter in self.matters(start, stop)]

    def __iter__(self) -> Iterator[Hit]:
        return iter(self[:])

    def matters(self, start: int, stop: int) -> list[Matter]:
        """The finds from ``start`` up to ``stop``, with the texts they were found by. One query."""
        first = self.shelf.state.first_slot
        slots = [slot + first for slot in self._slots(start, stop)]
        rows = queries.published().select_related("findable").filter(findable__slot__in=slots)
        by_slot = {matter.findable.slot: matter for matter in rows}
        return [by_slot[slot] for slot in slots if slot in by_slot]

    def _slots(self, start: int, stop: int) -> list[int]:
        """Better tiers first, within a tier the most visited."""
        found: list[int] = []
        done, taken = 0, 0
        for tier in self.tiers:
            here, done = tier & ~done, tier
            size = here.bit_count()
            if start < taken + size and taken < stop:
                best = bits.top(here, min(stop - taken, size), self.shelf.slices)
                found += best[max(start - taken, 0) :]
            taken += size
        return found

    def _hit(self, matter: Matter) -> Hit:
        names = list(entry.read_lines(matter.findable.names))
        places = entry.read_lines(matter.findable.places)
        title = next((line.spelled for line in names if line.kind == entry.NAME), None)
        parts = shown.marked(title, self.words) if title else [Part(matter.name)]
        return Hit(matter, parts, shown.reasons(names, places, self.words) if self.words else [])


@dataclass(frozen=True)
class Matters:
    """The finds as matters, without what is marked: for programs."""

    found: Found

    def count(self) -> int:
        """How many were found."""
        return self.found.count()

    __len__ = count

    def __getitem__(self, which: slice) -> list[Matter]:
        start, stop, _step = which.indices(self.count())
        return self.found.matters(start, stop)


def find(text: str, narrow: Mapping[str, str] | None = None) -> Found:
    """Published matters in which every word of the text occurs, narrowed by properties (``FACETS``); all for no text.

    Better places first: the name itself, its beginning, within it, colloquial names, anywhere else; then the most visited.
    """
    words = words_of(text)
    if words or text.strip():
        return search(words, shelf(), narrow)
    known = shelf()
    return Found(known, [], [known.published], narrow or {})


def search(typed: list[str], known: Shelf, narrow: Mapping[str, str] | None = None) -> Found:
    """``find`` for words that are told apart already; nothing for none."""
    if not typed:
        return Found(known, [], [], narrow or {})
    words = synonyms.understood(typed, known.meanings)
    occurring = index.gram_sets(known.state.first_slot, question.needed(words))
    return Found(known, words, question.tiers(words, occurring), narrow or {})
