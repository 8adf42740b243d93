"""Pinyin of names. Only whoever writes the index loads its dictionary: half a second and 50 MB."""

from functools import lru_cache

from matters.search.text import Spelled, normalised


@lru_cache(maxsize=20_000)
def spell(text: str) -> Spelled:
    """The text, its white space evened, with one syllable for each character; what is not Chinese spells itself."""
    from pypinyin import lazy_pinyin  # see above

    text = evened(text)
    plain = normalised(text)
    syllables = tuple(lazy_pinyin(plain, errors=list))  # type: ignore[arg-type]
    return Spelled(text, syllables if "".join(syllables) != plain else ())


def unspelled(text: str) -> Spelled:
    """The text alone, its white space evened."""
    return Spelled(evened(text))


def evened(text: str) -> str:
    """In one line, without tabs."""
    return " ".join(text.split())


def spellings(text: str) -> str:
    """A text as written, in pinyin and in initials, for a column that ``contains`` looks in: 营业执照 yingyezhizhao yyzz."""
    spelled = spell(text)
    return "\t".join(part for part in (normalised(spelled.text), spelled.pinyin, spelled.initials) if part)
