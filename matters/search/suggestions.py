"""“您是不是要找”: what was meant when nothing was found."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_, or_

from matters.search import bits, engine, entry, index, near, question, sets, text
from matters.search.engine import Found, Shelf
from matters.search.entry import Line
from matters.search.text import Spelled, is_latin, normalised
from matters.search.text import words as words_of

MOST = 3
# Words of one query that are looked at: a query of eight unknown words is no slip of the pen.
MOST_WORDS = 4
# Names looked at closely for one word: however large the catalogue, no more are compared.
CLOSELY = {1: 40, 2: 12}
SOURCES = ((text.NAME, text.ALIAS), (text.ELSEWHERE,))
# What people say around the thing that they want.
_AROUND = re.compile(
    "^(?:我|要|想|请问|怎么样?|如何|怎样|去哪里?|在?哪里|可以|需要|办理?|申请|申领|领取|开具?|一[家个张份]|小)+"
    "|(?:怎么办理?|如何办理?|在?哪里?办理?|需要什么.*|要什么.*|要多少钱|流程|手续|吗|呢|啊|的)+$"
)


@dataclass(frozen=True)
class Answer:
    """What is listed; ``corrected`` is the query it is the answer to when it is not what was typed."""

    found: Found
    suggestions: list[str]
    corrected: str = ""


def answer(typed: str, narrow: Mapping[str, str] | None = None) -> Answer:
    """What ``find`` finds; when nothing has all the words, suggestions and the finds of the first of them."""
    found = engine.find(typed, narrow)
    if not found.words or found.anything:
        return Answer(found, [])
    suggested = list(dict.fromkeys(_suggested(found)))[:MOST]
    if not suggested:
        return Answer(found, [])
    return Answer(engine.search(words_of(suggested[0]), found.shelf, narrow), suggested, suggested[0])


def _suggested(found: Found) -> Iterator[str]:
    """The query without the words around what is wanted; with its unknown words replaced by near ones; one word alone."""
    words = [word.text for word in found.words]
    if len(words) > MOST_WORDS:
        return
    plain = [stripped for word in words if (stripped := _AROUND.sub("", word))]
    if plain and plain != words and _count(plain, found.shelf):
        yield " ".join(plain)
        return
    alone = [_count([word], found.shelf) for word in words] if len(words) > 1 else [0]
    for position, word in enumerate(words):
        if not alone[position]:
            for instead in near_words(word, found.shelf):
                corrected = [*words[:position], instead, *words[position + 1 :]]
                if len(words) == 1 or _count(corrected, found.shelf):
                    yield " ".join(corrected)
    yield from (word for count, word in sorted(zip(alone, words, strict=True)) if count)


def _count(words: list[str], shelf: Shelf) -> int:
    return engine.search(words_of(" ".join(words)), shelf).count()


def near_words(word: str, shelf: Shelf) -> Iterator[str]:
    """Stretches of names, or else of other texts, that differ from the word in a character or two, the most visited first."""
    limit = near.most(word, latin=is_latin(word))
    if not limit:
        return
    known = index.gram_sets(shelf.state.first_slot, _needed(word))
    for places in SOURCES:
        for errors in range(1, limit + 1):
            candidates = _candidates(word, errors, places, known) & shelf.published
            instead = list(_verified(word, errors, candidates, shelf, places))
            if instead:
                yield from instead
                return


def _needed(word: str) -> set[str]:
    grams = {gram for errors in (1, 2) for ways in _ways(word, errors) for gram in ways}
    return {place + gram for gram in grams for place in text.PLACES}


@lru_cache(maxsize=64)
def _ways(word: str, errors: int) -> list[set[str]]:
    """Grams one set of which a text has that nearly has the word: of Chinese as written, of letters as written or sounding;
    letters by threes at least, because two occur everywhere."""
    ways = []
    for pieces in near.kept(word, errors):
        longer = [piece for piece in pieces if len(piece) >= text.LETTERS or not is_latin(word)]
        ways.append({gram for piece in longer for gram in text.grams_of_word(piece, text.WRITTEN)})
        if is_latin(word):
            ways.append({gram for piece in longer for gram in text.grams_of_word(piece, text.PINYIN)})
    return [way for way in ways if way]


def _candidates(word: str, errors: int, places: Iterable[str], known: question.Sets) -> int:
    """Matters that have, in one of the places, everything but the wrong characters."""
    merged: dict[str, int] = {}
    for key, members in known.items():
        if key[0] in places:
            merged[key[1:]] = merged.get(key[1:], 0) | members
    possible = [way for way in _ways(word, errors) if way <= merged.keys()]
    return reduce(or_, (reduce(and_, (merged[gram] for gram in way)) for way in possible), 0)


def _verified(word: str, errors: int, candidates: int, shelf: Shelf, places: tuple[str, ...]) -> Iterator[str]:
    slots = [slot + shelf.state.first_slot for slot in bits.top(candidates, CLOSELY[errors], shelf.slices)]
    rows = sets.read_texts(slots, names=text.NAME in places) if slots else {}
    found: dict[str, None] = {}
    for slot in slots:
        for line in entry.read_lines(rows.get(slot, "")):
            if line.kind != entry.FAQ and (instead := near_in(word, line, errors)):
                found[instead] = None
        if len(found) >= MOST:
            break
    yield from found


def near_in(word: str, line: Line, errors: int) -> str:
    """The stretch of the line that is meant; empty when none is near."""
    spelled = line.spelled
    written = near.nearest(word, normalised(spelled.text), errors)
    if written:
        return spelled.text[written.start : written.end].strip()
    return _near_sounding(word, spelled, errors) if is_latin(word) else ""


def _near_sounding(word: str, spelled: Spelled, errors: int) -> str:
    """The characters whose syllables are near; a syllable that is touched is taken whole."""
    sound = near.nearest(word, spelled.pinyin, errors)
    if sound is None:
        return ""
    at, characters = 0, []
    for position, syllable in spelled.sounds:
        if at < sound.end and at + len(syllable) > sound.start:
            characters.append(position)
        at += len(syllable)
    return spelled.text[characters[0] : characters[-1] + 1]
