"""A query against the sets of the index: which matters have its words, and how good a find each is. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from matters.search import text

Sets = Mapping[str, int]
SPELLINGS = (text.WRITTEN, text.PINYIN, text.INITIALS)


@dataclass(frozen=True)
class Word:
    """One word of a query, and what staff say it means as well."""

    text: str
    synonyms: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[str, ...]:
        """Everything that counts as this word."""
        return (self.text, *self.synonyms)


def needed(words: Iterable[Word]) -> set[str]:
    """The grams that must be read to answer for the words."""
    words = list(words)
    grams = {gram for word in words for way in word.ways for runs in _spellings(way) for gram in runs}
    found = {place + gram for gram in grams for place in text.PLACES}
    return found | ({text.whole(_together(words)), text.beginning(words[0].text)} if words else set())


def tiers(words: list[Word], sets: Sets) -> list[int]:
    """The finds by how good they are, each set holding the better ones too: the query is the name, begins the name,
    is in the name, is in a colloquial name, is anywhere. In each every word must occur."""
    named = _every(_in(word.text, text.NAME, sets) for word in words)
    called = _every(_called(word, sets) for word in words)
    anywhere = _every(_anywhere(word, sets) for word in words)
    better = [sets.get(text.whole(_together(words)), 0), named & sets.get(text.beginning(words[0].text), 0)]
    found: list[int] = []
    for tier in (*better, named, called, anywhere):
        found.append(tier | (found[-1] if found else 0))
    return found


def _called(word: Word, sets: Sets) -> int:
    return _any(_in(way, place, sets) for way in word.ways for place in (text.NAME, text.ALIAS))


def _anywhere(word: Word, sets: Sets) -> int:
    return _any(_in(way, place, sets) for way in word.ways for place in text.PLACES)


def _in(way: str, place: str, sets: Sets) -> int:
    return _any(_every(sets.get(place + gram, 0) for gram in grams) for grams in _spellings(way))


def _spellings(way: str) -> list[list[str]]:
    """The grams of each spelling that can answer for the word; a synonym of several words needs all of them."""
    answers = []
    for spelling in SPELLINGS:
        by_run = [text.grams_of_word(run, spelling) for run in text.runs(way)]
        if by_run and all(by_run):
            answers.append([gram for grams in by_run for gram in grams])
    return answers


def _together(words: list[Word]) -> str:
    return "".join(word.text for word in words)


def _every(sets: Iterable[int]) -> int:
    return reduce(and_, sets)


def _any(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
