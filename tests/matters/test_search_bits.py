"""Sets of matters as bits, against plain Python sets."""

from hypothesis import given
from hypothesis import strategies as st

from matters.search import bits

slots = st.sets(st.integers(0, 70_000), max_size=60)


@given(slots)
def test_slots_come_back(members: set[int]) -> None:
    number = bits.of(sorted(members))
    assert bits.slots(number) == sorted(members)
    assert bits.slots(number, 3) == sorted(members)[:3]
    assert sum(part << chunk * bits.CHUNK for chunk, part in bits.chunks(number)) == number


@given(st.sets(st.integers(0, bits.CHUNK - 1), max_size=60), st.booleans())
def test_what_is_stored_comes_back(members: set[int], many: bool) -> None:
    number = bits.of([*members, *range(0, bits.CHUNK, 200)] if many else members)
    assert bits.unpack(bits.pack(number)) == number


@given(st.lists(st.integers(0, 90_000), max_size=30))
def test_repeated_slots_count_once(members: list[int]) -> None:
    assert bits.slots(bits.of(members)) == sorted(set(members))


@given(st.dictionaries(st.integers(0, 300), st.integers(0, 1000), max_size=60), st.integers(0, 70))
def test_the_top_is_what_sorting_gives(visits: dict[int, int], most: int) -> None:
    slices = bits.sliced(visits.items())
    wanted = sorted(visits, key=lambda slot: (-visits[slot], slot))[:most]
    assert bits.top(bits.of(visits), most, slices) == wanted


def test_the_top_of_nothing() -> None:
    assert bits.top(0, 20, []) == []
    assert bits.top(bits.of([1, 5]), 20, []) == [1, 5]
