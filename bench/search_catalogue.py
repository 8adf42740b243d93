"""A catalogue as large as one likes, made of the words that catalogues are made of, and what people would type to find things in it."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WORDS: dict[str, list[str]] = {
    name: words.split(" ")
    for name, words in json.loads(Path(__file__).with_name("search_words.json").read_text()).items()
}
THINGS = WORDS["things"]
ACTS = WORDS["acts"]
FOR = WORDS["for"]
TOWNS = WORDS["towns"]
MATERIALS = WORDS["materials"]
ALIASES = WORDS["aliases"]
DEPARTMENTS = WORDS["departments"]
THEMES = WORDS["themes"]
QUESTIONS = WORDS["questions"]
ANSWERS = WORDS["answers"]
# Matters named by a thing and an act only, as most are in a county.
PLAIN = 2400


def names(number: int) -> Iterator[tuple[str, ...]]:
    """``number`` different names in their parts: the plain ones first, then for whom, then in which town."""
    places = ["", *(f"{town}镇" for town in TOWNS)]
    sizes = (len(places), len(THINGS), len(ACTS), len(FOR) + 1)
    chance = random.Random(7)
    seen: set[tuple[int, ...]] = set()
    while len(seen) < number:
        town, thing, act, whom = (chance.randrange(size) for size in sizes)
        chosen = (town, thing, act, whom) if len(seen) > PLAIN else (0, thing, act, 0)
        if chosen not in seen:
            seen.add(chosen)
            yield places[chosen[0]], THINGS[thing], ACTS[act], ("", *FOR)[chosen[3]]


def lines(parts: tuple[str, ...], code: str, chance: random.Random) -> list[Any]:
    """The texts of one matter, as ``index.lines_of`` gives them of a guide."""
    from matters.search.entry import Line
    from matters.search.spelling import spell
    from matters.search.text import Spelled

    each = [spell(part) for part in parts if part]
    sounds = tuple(sound for part in each for sound in part.syllables or tuple(part.text))
    faq = chance.sample(range(len(QUESTIONS)), 2)
    return [
        Line("name", Spelled("".join(parts), sounds)),
        *(Line("alias", spell(alias)) for alias in chance.sample(ALIASES, chance.choice((0, 0, 1, 2)))),
        Line("department", spell(f"云川市{chance.choice(DEPARTMENTS)}")),
        Line("theme", spell(chance.choice(THEMES))),
        Line("code", Spelled(code)),
        *(Line("material", spell(material)) for material in chance.sample(MATERIALS, chance.randint(3, 8))),
        *(Line("faq", Spelled(text)) for number in faq for text in (QUESTIONS[number], ANSWERS[number])),
    ]


def queries() -> list[str]:
    """Over two hundred things to type, each kind in its share; the same for every size of catalogue."""
    from matters.search.spelling import spell

    chance = random.Random(11)
    picked = ["".join(parts) for parts in chance.sample(list(names(PLAIN)), 30)]
    return [
        *WORDS["often_typed"],
        *chance.sample(ALIASES, 20),
        *chance.sample(THINGS, 20),
        *picked[:15],
        *(name[:5] for name in picked[15:30]),
        *(spell(thing).initials for thing in chance.sample(THINGS, 20)),
        *(spell(thing).pinyin for thing in chance.sample(THINGS, 20)),
        *(f"{thing} {act}" for thing, act in zip(chance.sample(THINGS, 20), chance.sample(ACTS, 20), strict=True)),
        *(f"{town}镇{thing}" for town, thing in zip(TOWNS[:10], chance.sample(THINGS, 10), strict=True)),
        *(f"{material} {department}" for material, department in zip(MATERIALS[:10], DEPARTMENTS[:10], strict=True)),
        *(_wrong_character(thing, chance) for thing in chance.sample([t for t in THINGS if len(t) >= 4], 20)),
        *(_wrong_letter(spell(thing).pinyin, chance) for thing in chance.sample(THINGS, 10)),
        *WORDS["found_nowhere"],
    ]


def _wrong_character(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + chance.choice("罩址的人大小") + word[at + 1 :]


def _wrong_letter(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :]


def columns(chance: random.Random) -> dict[str, Any]:
    """Columns of a matter that lists are narrowed by; a few are visited often, most hardly ever."""
    return {
        "type_code": chance.choice(("01", "05", "07", "10", "20")),
        "level": chance.choice("345"),
        "depth": chance.choice("3457"),
        "audiences": chance.sample(["person", "enterprise"], chance.choice((1, 2))),
        "life_events": [],
        "online": chance.random() < 0.3,
        "visits": int(chance.paretovariate(0.7)) - 1 if chance.random() < 0.4 else 0,
    }
