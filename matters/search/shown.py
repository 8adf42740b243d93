"""Why a matter was found, and where to mark the words in its name. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from matters.search import entry, text
from matters.search.entry import Line
from matters.search.question import Word
from matters.search.text import Spelled, is_latin, normalised, runs

KINDS = {
    entry.NAME: _("名称"),
    entry.NAME_EN: _("英文名称"),
    entry.ALIAS: _("俗称"),
    entry.DEPARTMENT: _("部门"),
    entry.THEME: _("主题"),
    entry.CODE: _("编码"),
    entry.MATERIAL: _("材料"),
    entry.OUTCOME: _("办理结果"),
    entry.FAQ: _("常见问题"),
}
# A long answer is shown around the word only.
AROUND = 24
MOST_REASONS = 2


@dataclass(frozen=True)
class Part:
    """A stretch of a text, marked or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Reason:
    """A text other than the name in which a word of the query was found."""

    kind: str
    parts: list[Part]

    @property
    def label(self) -> str:
        """材料, 俗称 …"""
        return str(KINDS[self.kind])


def marked(spelled: Spelled, words: Iterable[Word]) -> list[Part]:
    """The text with the words marked, whichever way they were spelled."""
    spans = sorted(span for word in words for way in word.ways for span in spans_of(spelled, way))
    parts: list[Part] = []
    at = 0
    for start, end in spans:
        if end > at:
            start = max(start, at)
            parts += [Part(spelled.text[at:start]), Part(spelled.text[start:end], True)]
            at = end
    return [part for part in (*parts, Part(spelled.text[at:])) if part.text]


def reasons(names: Iterable[Line], places: Iterable[Line], words: list[Word]) -> list[Reason]:
    """Where the words are that the name does not have: at most two texts, colloquial names first."""
    missing = list(words)
    found: list[Reason] = []
    for line in (*names, *places):
        here = [word for word in missing if _has(line.spelled, word)]
        if here and line.kind != entry.NAME and len(found) < MOST_REASONS:
            found.append(Reason(line.kind, _around(marked(line.spelled, words))))
        missing = [word for word in missing if word not in here]
    return found


def _has(spelled: Spelled, word: Word) -> bool:
    return any(next(spans_of(spelled, way), None) for way in word.ways)


def spans_of(spelled: Spelled, way: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every place where the text has the word as written, in pinyin or in initials."""
    plain = normalised(spelled.text)
    if len(plain) != len(spelled.text):
        return  # a character that is several in half-width: nothing can be marked
    for run in runs(way):
        yield from _written(plain, run)
        if is_latin(run) and spelled.syllables:
            yield from _sounding(spelled, run)


def _written(plain: str, run: str) -> Iterator[tuple[int, int]]:
    start = plain.find(run)
    while start >= 0:
        yield start, start + len(run)
        start = plain.find(run, start + len(run))


def _sounding(spelled: Spelled, run: str) -> Iterator[tuple[int, int]]:
    """Initials of neighbouring characters, or pinyin that begins with a syllable and may stop within one."""
    sounds = spelled.sounds
    initials = spelled.initials
    if len(run) > 1 and (start := initials.find(run)) >= 0:
        yield sounds[start][0], sounds[start + len(run) - 1][0] + 1
    if len(run) < text.PINYIN_GRAM or run not in spelled.pinyin:
        return
    for first in range(len(sounds)):
        sound = ""
        for index, syllable in sounds[first:]:
            sound += syllable
            if sound.startswith(run):
                yield sounds[first][0], index + 1
            if len(sound) >= len(run) or not run.startswith(sound):
                break


def _around(parts: list[Part]) -> list[Part]:
    """Unmarked stretches cut to what stands next to a mark."""
    last = len(parts) - 1
    return [part if part.marked else Part(_cut(part.text, index, last)) for index, part in enumerate(parts)]


def _cut(words: str, index: int, last: int) -> str:
    if len(words) <= AROUND:
        return words
    if index == 0 and last:
        return "…" + words[-AROUND:]
    if index == last:
        return words[:AROUND] + "…"
    return f"{words[: AROUND // 2]}…{words[-AROUND // 2 :]}"
