"""Sets of matters as bits of one integer: bit n stands for the matter in slot n. Pure.

A whole number of a hundred thousand bits is 12 KB, and Python joins two of them in a microsecond, so that a search is a
handful of ``&`` and ``|`` however many matters there are.
"""

import re
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

# Slots of one stored row: 4 KB.
CHUNK = 32_768
# Fewer slots than this are stored as a list of their numbers. To compress the bits instead saves as much, but undoing it
# took most of a search's time.
FEW = 100
LIST, BITS = b"l", b"b"
_SOME_BIT = re.compile(rb"[^\x00]", re.DOTALL)


def pack(bits: int) -> bytes:
    """A chunk's bits as stored: a letter, then two bytes for each slot, or a bit for each."""
    if bits.bit_count() >= FEW:
        return BITS + _bytes(bits)
    return LIST + _little(array("H", slots(bits))).tobytes()


def unpack(stored: bytes) -> int:
    """The bits of a stored chunk."""
    if stored[:1] == BITS:
        return int.from_bytes(stored[1:], "little")
    return of(_little(array("H", stored[1:])))


def _little(numbers: "array[int]") -> "array[int]":
    """The same on every machine: a database may be moved."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def of(slots: Iterable[int]) -> int:
    """The set of these slots."""
    numbers = list(slots)
    if len(numbers) < 8:
        return sum({1 << slot for slot in numbers})
    field = bytearray(max(numbers) // 8 + 1)
    for slot in numbers:
        field[slot >> 3] |= 1 << (slot & 7)
    return int.from_bytes(field, "little")


def slots(bits: int, most: int | None = None) -> list[int]:
    """The slots of a set in ascending order, only the first ``most`` when given."""
    found: list[int] = []
    for match in _SOME_BIT.finditer(_bytes(bits)):
        index, byte = match.start() * 8, match[0][0]
        found += [index + bit for bit in range(8) if byte >> bit & 1]
        if most is not None and len(found) >= most:
            return found[:most]
    return found


def top(bits: int, most: int, slices: Sequence[int]) -> list[int]:
    """The ``most`` slots with the largest numbers, largest first, equal ones by slot.

    ``slices[i]`` is the set of slots whose number has bit i (a bit-sliced index): from the highest slice down, those
    who surely belong to the top are told from those who tie, without looking at a single number.
    """
    surely, tied = 0, bits
    for piece in reversed(slices):
        ahead = surely | (tied & piece)
        if ahead.bit_count() > most:
            tied &= piece
        else:
            surely, tied = ahead, tied & ~piece
    room = most - surely.bit_count()
    chosen = slots(surely) + (slots(tied, room) if room > 0 else [])
    number = _numbers([_bytes(piece) for piece in slices])
    return sorted(chosen, key=lambda slot: (-number(slot), slot))


def _numbers(slices: Sequence[bytes]) -> Callable[[int], int]:
    def number(slot: int) -> int:
        index, bit = slot >> 3, slot & 7
        return sum(1 << power for power, piece in enumerate(slices) if index < len(piece) and piece[index] >> bit & 1)

    return number


def _bytes(bits: int) -> bytes:
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def sliced(numbers: Iterable[tuple[int, int]]) -> list[int]:
    """The slices of (slot, number) pairs, lowest first."""
    members: dict[int, list[int]] = {}
    for slot, number in numbers:
        for power in range(number.bit_length()):
            if number >> power & 1:
                members.setdefault(power, []).append(slot)
    return [of(members.get(power, ())) for power in range(max(members, default=-1) + 1)]


def chunks(bits: int) -> Iterator[tuple[int, int]]:
    """(number of the chunk, its bits) of a set, empty chunks left out."""
    number = 0
    while bits:
        part = bits & ((1 << CHUNK) - 1)
        if part:
            yield number, part
        bits >>= CHUNK
        number += 1
