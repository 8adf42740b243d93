"""The index of the catalogue: which gram occurs in which matters, kept when guides come into force and when they go.

A matter gets a slot, the next free number, and its bit is set in the row of each of its grams. A new version takes a
new slot; the old one is only struck off the published ones, so that nothing has to be found and cleared. Rows are
by chunk of slots: publishing touches the rows of the last chunk, whatever the size of the catalogue.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from django.db import transaction
from django.db.models.functions import Length

from matters import queries
from matters.models import Findable, Matter, SearchSet, SearchState
from matters.search import bits, entry, sets
from matters.search.entry import Line
from matters.search.sets import State
from matters.search.spelling import spell, unspelled

# Counted up when what is written changes, so that a site that is upgraded builds its index anew.
FORM = 2
# Matters whose rows are written together, and guides that are read together, when everything is built.
TOGETHER = 16_384
GUIDES = 200
# So many slots may be struck off before the index is worth building anew.
WASTE = 1000

Entry = tuple[Matter, list[Line]]


def locked_state() -> SearchState:
    """The state, locked until the end of the caller's transaction; made when there is none."""
    SearchState.objects.get_or_create(pk=1)
    return SearchState.objects.select_for_update().get(pk=1)


def add(matter: Matter) -> None:
    """Let a published matter be found by what its guide in force says, inside the caller's transaction."""
    state = locked_state()
    if state.form == FORM:  # otherwise everything is built when somebody searches
        _strike_off(matter)
        write(state, [_entry(matter)])
        _stamp(state)


def remove(matter: Matter) -> None:
    """Let a matter be found no more, inside the caller's transaction."""
    state = locked_state()
    _strike_off(matter)
    _stamp(state)


@transaction.atomic
def touch() -> None:
    """Let every process read again what it remembers; for whoever changes the synonyms."""
    _stamp(locked_state())


def rebuild() -> int:
    """Build the whole index from the guides in force; returns how many matters there are.

    Slots are numbered on, never from the start: a search that has read the old rows then finds no matter in its slots,
    rather than another one.
    """
    with transaction.atomic():
        state = locked_state()
        SearchSet.objects.all().delete()
        Findable.objects.all().delete()
        state.form = FORM
        state.first_slot = state.next_slot = -(-state.next_slot // bits.CHUNK) * bits.CHUNK
        write(state, _every_entry())
        _stamp(state)
        return state.next_slot - state.first_slot


def current() -> State:
    """The state of an index that may be read: built now when a new or upgraded site has none."""
    state = sets.read_state()
    if state is not None and state.form == FORM:
        return state
    rebuild()
    return current()


def keep_up() -> None:
    """What the clock does: build the index anew when most of it is struck off, and take over the visits counted since."""
    current()
    state = SearchState.objects.get(pk=1)
    if state.next_slot - state.first_slot > 2 * Findable.objects.count() + WASTE:
        rebuild()
    refresh_visits()


@transaction.atomic
def refresh_visits() -> None:
    """Take over how often guides were visited, which orders equally good finds."""
    state = locked_state()
    numbers = Findable.objects.order_by("slot").values_list("slot", "matter__visits")
    slices = bits.sliced((slot - state.first_slot, visits) for slot, visits in numbers.iterator())
    if slices != visit_slices(facet_sets(state.first_slot)):
        sets.delete(sets.FACET, entry.facet(entry.VISITS, ""))
        first = state.first_slot // bits.CHUNK
        for power, piece in enumerate(slices):
            key = entry.facet(entry.VISITS, power)
            sets.write(sets.FACET, [(key, first + chunk, part) for chunk, part in bits.chunks(piece)])
        _stamp(state)


# --- reading: sets count their slots from the first one of the index


def gram_sets(first_slot: int, grams: Iterable[str]) -> dict[str, int]:
    """The slots in which each gram occurs, grams that occur nowhere left out. One query."""
    return _from_first(first_slot, sets.read(sets.GRAM, grams))


def facet_sets(first_slot: int) -> dict[str, int]:
    """The slots that have each property, struck-off ones among them. One query."""
    return _from_first(first_slot, sets.read_all(sets.FACET))


def _from_first(first_slot: int, rows: Iterable[tuple[str, int, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, chunk, part in rows:
        offset = chunk * bits.CHUNK - first_slot
        if offset >= 0:  # otherwise the index was built anew a moment ago
            found[key] = found.get(key, 0) | part << offset
    return found


def visit_slices(facets: Mapping[str, int]) -> list[int]:
    """The visits as ``bits.top`` wants them."""
    powers = [int(key.partition(":")[2]) for key in facets if key.startswith(f"{entry.VISITS}:")]
    return [facets.get(entry.facet(entry.VISITS, power), 0) for power in range(max(powers, default=-1) + 1)]


# --- writing


def write(state: SearchState, entries: Iterable[Entry]) -> None:
    """Give each matter the next slot and set its bits; ``state`` must be locked and is not saved."""
    remaining, written = iter(entries), 1
    while written:
        room = bits.CHUNK - state.next_slot % bits.CHUNK
        written = _write_some(state, islice(remaining, min(TOGETHER, room)))


def _write_some(state: SearchState, entries: Iterable[Entry]) -> int:
    lines: dict[Line, list[int]] = defaultdict(list)
    facets: dict[str, list[int]] = defaultdict(list)
    rows = []
    for slot, (matter, texts) in enumerate(entries, state.next_slot):
        rows.append(_findable(matter, slot, texts))
        for line in texts:
            lines[line].append(slot % bits.CHUNK)
        for facet in entry.facets(matter):
            facets[facet].append(slot % bits.CHUNK)
    chunk = state.next_slot // bits.CHUNK
    _set_bits(sets.GRAM, chunk, _grams(lines))
    _set_bits(sets.FACET, chunk, facets)
    Findable.objects.bulk_create(rows)
    state.next_slot += len(rows)
    return len(rows)


def _grams(lines: Mapping[Line, list[int]]) -> dict[str, list[int]]:
    """Materials, departments and themes are the same in very many guides: each is taken apart once."""
    found: dict[str, list[int]] = defaultdict(list)
    for line, members in lines.items():
        for gram in entry.grams(line):
            found[gram] += members
    return found


def _findable(matter: Matter, slot: int, lines: list[Line]) -> Findable:
    names = [line.written() for line in lines if line.kind in entry.NAMES]
    places = [line.written() for line in lines if line.kind not in entry.NAMES]
    return Findable(matter_id=matter.pk, slot=slot, names="\n".join(names), places="\n".join(places))


def _set_bits(kind: str, chunk: int, members: Mapping[str, list[int]]) -> None:
    known = sets.read_chunk(kind, chunk, members)
    sets.write(kind, ((key, chunk, known.get(key, 0) | bits.of(slots)) for key, slots in members.items()))


def _strike_off(matter: Matter) -> None:
    known = Findable.objects.filter(matter=matter).first()
    if known is not None:
        chunk, bit = divmod(known.slot, bits.CHUNK)
        published = sets.read_chunk(sets.FACET, chunk, [entry.PUBLISHED]).get(entry.PUBLISHED, 0)
        sets.write(sets.FACET, [(entry.PUBLISHED, chunk, published & ~(1 << bit))])
        known.delete()


def _stamp(state: SearchState) -> None:
    state.stamp = uuid.uuid4().hex
    state.save()


# --- what is written


def _entry(matter: Matter) -> Entry:
    assert matter.current is not None
    return matter, lines_of(entry.texts(matter, matter.current.parsed))


def lines_of(texts: Iterable[tuple[str, str]]) -> list[Line]:
    """(kind, text) pairs with their pinyin, each once."""
    wanted = dict.fromkeys((kind, text) for kind, text in texts if text.strip())
    return [Line(kind, unspelled(text) if kind in entry.UNSPELLED else spell(text)) for kind, text in wanted]


def _every_entry() -> Iterator[Entry]:
    """Short names get the first slots, so that of finds nobody has visited yet the plainest comes first."""
    ordered = queries.published().order_by(Length("name"), "name", "pk").values_list("pk", flat=True)
    keys = list(ordered)
    for start in range(0, len(keys), GUIDES):
        some = keys[start : start + GUIDES]
        matters = queries.published().select_related("current").in_bulk(some)
        yield from (_entry(matters[key]) for key in some)
