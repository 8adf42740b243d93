"""What one matter is found by: its texts by kind, and the properties that lists are narrowed by. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from matters.guide import GuideContent
from matters.models import Matter
from matters.search import text
from matters.search.text import Spelled

# Kinds of texts; their titles on the page are in matters.search.shown.
NAME, NAME_EN, ALIAS = "name", "name_en", "alias"
DEPARTMENT, THEME, CODE, MATERIAL, OUTCOME, FAQ = "department", "theme", "code", "material", "outcome", "faq"
NAMES = {NAME, NAME_EN, ALIAS}
# Long sentences that nobody types in pinyin, and what has none.
UNSPELLED = {NAME_EN, CODE, FAQ}
PUBLISHED = "published"
VISITS = "visits"


@dataclass(frozen=True)
class Line:
    """One text and what it is."""

    kind: str
    spelled: Spelled

    def written(self) -> str:
        """As it stands in the index."""
        return "\t".join([self.kind, self.spelled.text, *self.spelled.syllables])


def read_lines(stored: str) -> Iterator[Line]:
    """The lines of a ``Findable``."""
    for row in stored.split("\n"):
        if row:
            kind, words, *syllables = row.split("\t")
            yield Line(kind, Spelled(words, tuple(syllables)))


def texts(matter: Matter, content: GuideContent) -> Iterator[tuple[str, str]]:
    """(kind, text) of everything that is searched, names first; ``matter.department`` must be loaded."""
    yield NAME, matter.name
    yield NAME_EN, matter.name_en
    yield from ((ALIAS, alias) for alias in matter.aliases)
    yield from ((DEPARTMENT, name) for name in (matter.department.name, matter.department.short_name))
    yield from ((THEME, theme) for theme in matter.themes)
    yield from ((CODE, code) for code in (matter.code, matter.base_code))
    yield OUTCOME, content.guide.outcome.name
    yield from ((MATERIAL, material.name) for material in content.guide.materials)
    yield from ((FAQ, sentence) for faq in content.header.faq for sentence in (faq.question, faq.answer))


def grams(line: Line) -> set[str]:
    """Every gram of a text, with its place."""
    if line.kind == CODE:
        return text.grams_of_code(line.spelled.text)
    place = {NAME: text.NAME, NAME_EN: text.NAME, ALIAS: text.ALIAS}.get(line.kind, text.ELSEWHERE)
    found = {place + gram for gram in text.grams_of_text(line.spelled)}
    return found | text.grams_of_name(line.spelled) if line.kind == NAME else found


def facets(matter: Matter) -> set[str]:
    """The properties of a matter as ``facet:value``, its visits bit by bit among them."""
    found = {PUBLISHED, facet("department", matter.department.code)}
    for name, values in (("audience", matter.audiences), ("theme", matter.themes), ("life", matter.life_events)):
        found |= {facet(name, value) for value in values}
    columns = {
        "type": matter.type_code,
        "level": matter.level,
        "depth": matter.depth,
        "online": str(int(matter.online)),
    }
    found |= {facet(name, value) for name, value in columns.items() if value}
    return found | {facet(VISITS, power) for power in range(matter.visits.bit_length()) if matter.visits >> power & 1}


def facet(name: str, value: str | int) -> str:
    """The key of a property: ``theme:开办企业``."""
    return f"{name}:{value}"
