"""Finding matters by what people type: names, colloquial names, department, themes, pinyin and initials.

The text to look in is prepared when a guide comes into force; each word must occur in it, in any order. It works alike
on both databases, for words of two characters as well (which trigram indexes miss).
"""

import unicodedata

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from matters.models import Matter
from matters.queries import published

LONGEST_QUERY = 100
MOST_WORDS = 8


def index(matter: Matter) -> None:
    """Prepare the matter's search texts from its columns; does not save."""
    names = [matter.name, *matter.aliases]
    department = matter.department
    others = [matter.name_en, department.name, department.short_name, *matter.themes, matter.code, matter.base_code]
    matter.title_search = "\n".join(spellings(name) for name in names)
    matter.search = "\n".join([matter.title_search, *(spellings(text) for text in others if text)])


def spellings(text: str) -> str:
    """A text as it is, in pinyin without tones, and as initials: 营业执照 → 营业执照 yingyezhizhao yyzz."""
    from pypinyin import (
        Style,
        lazy_pinyin,
    )  # its dictionary takes half a second and 50 MB that no other process should pay

    plain = normalised(text)
    full = "".join(lazy_pinyin(plain))
    if full == plain:
        return plain
    return f"{plain}\t{full}\t{''.join(lazy_pinyin(plain, style=Style.FIRST_LETTER))}"


def normalised(text: str) -> str:
    """Half-width and lower-case."""
    return unicodedata.normalize("NFKC", text).lower()


def words(text: str) -> list[str]:
    """The words of a query, at most eight; over-long queries are cut."""
    return normalised(text)[:LONGEST_QUERY].replace("\x00", "").split()[:MOST_WORDS]


def find(text: str) -> QuerySet[Matter]:
    """Published matters in which every word occurs; those that have them in a name first, then the most used."""
    wanted = words(text)
    if not wanted:
        return published().none()
    anywhere, in_title = Q(), Q()
    for word in wanted:
        anywhere &= Q(search__contains=word)
        in_title &= Q(title_search__contains=word)
    rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    return published().filter(anywhere).alias(rank=rank).order_by("rank", "-visits", "name", "pk")
