"""What is looked for in a text: its words, and the short pieces (grams) of one to three characters they are made of.

Pure. A gram is kept with the place where it stands (``n`` name, ``a`` colloquial name, ``e`` elsewhere) and its spelling
(``t`` as written, ``p`` pinyin, ``i`` initials), so that ``nt营业`` means 营业 in a name, ``niyyz`` initials in a name.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2s

LONGEST_QUERY = 100
LONGEST_WORD = 50
MOST_WORDS = 8
NAME, ALIAS, ELSEWHERE = "n", "a", "e"
PLACES = (NAME, ALIAS, ELSEWHERE)
WRITTEN, PINYIN, INITIALS = "t", "p", "i"
LONGEST_PREFIX = 6
# Shorter pieces of pinyin occur in nearly every name.
PINYIN_GRAM = 4
LETTERS = 3
# Letters and digits of any script; a hyphen or dot inside stays, for codes.
_RUN = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True)
class Spelled:
    """A text with the pinyin of each of its characters; ``syllables`` is empty for a text without Chinese."""

    text: str
    syllables: tuple[str, ...] = ()

    @cached_property
    def sounds(self) -> list[tuple[int, str]]:
        """(index of the character, syllable), punctuation left out."""
        return [(index, syllable) for index, syllable in enumerate(self.syllables) if syllable.isalnum()]

    @cached_property
    def pinyin(self) -> str:
        """Without tones and blanks: yingyezhizhao."""
        return "".join(syllable for _index, syllable in self.sounds)

    @cached_property
    def initials(self) -> str:
        """yyzz."""
        return "".join(syllable[0] for _index, syllable in self.sounds)


def normalised(text: str) -> str:
    """Half-width and lower-case, character for character where a character has one lower-case form."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> list[str]:
    """The stretches of letters, digits and characters between punctuation."""
    return _RUN.findall(normalised(text))


def words(text: str) -> list[str]:
    """The words of a query, at most eight of at most fifty characters; what is longer is cut."""
    return [run[:LONGEST_WORD] for run in runs(text[:LONGEST_QUERY])][:MOST_WORDS]


def is_latin(word: str) -> bool:
    """Letters a to z only: it may be pinyin or initials."""
    return bool(_LATIN.fullmatch(word))


def pieces(text: str, size: int) -> list[str]:
    """All pieces of ``size`` characters, in order."""
    return [text[start : start + size] for start in range(len(text) - size + 1)]


def grams_of_word(word: str, spelling: str) -> list[str]:
    """The grams that a text must have when it has the word; empty when this spelling cannot answer for the word."""
    if spelling == WRITTEN:
        return [WRITTEN + piece for piece in pieces(word, min(len(word), 3))]
    if not is_latin(word):
        return []
    if spelling == INITIALS:
        return [INITIALS + piece for piece in pieces(word, min(len(word), 3))] if len(word) > 1 else []
    return [PINYIN + piece for piece in pieces(word, PINYIN_GRAM)]


def grams_of_text(spelled: Spelled) -> set[str]:
    """Every gram of a text, with its spelling but without its place."""
    found = {WRITTEN + piece for run in runs(spelled.text) for size in (1, 2, 3) for piece in pieces(run, size)}
    found |= {INITIALS + piece for size in (2, 3) for piece in pieces(spelled.initials, size)}
    return found | {PINYIN + piece for piece in pieces(spelled.pinyin, PINYIN_GRAM)}


def grams_of_code(code: str) -> set[str]:
    """A code is found whole only: parts of it are numbers that mean something else."""
    return {whole(joined(code))}


def grams_of_name(spelled: Spelled) -> set[str]:
    """What tells that a query is the whole name, or its beginning."""
    spellings = (joined(spelled.text), spelled.pinyin, spelled.initials)
    beginnings = {beginning(text[:size]) for text in spellings for size in range(1, min(len(text), LONGEST_PREFIX) + 1)}
    return beginnings | {whole(text) for text in spellings if text}


def joined(text: str) -> str:
    """Without blanks and punctuation."""
    return "".join(runs(text))


def beginning(text: str) -> str:
    """The gram of names that begin so; only the first six characters count."""
    return f"^{text[:LONGEST_PREFIX]}"


def whole(text: str) -> str:
    """The gram of names that are this text; a digest, because names are long."""
    return f"={blake2s(text.encode(), digest_size=12).hexdigest()}"
