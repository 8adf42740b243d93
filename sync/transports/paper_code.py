"""Bytes as a line that a person can type: Crockford's base 32 in groups, each with a check symbol of its own.

The check symbol depends on the place of the group: a wrong symbol, two exchanged neighbours and two exchanged
groups are all found, and the place can be named.
"""

from collections.abc import Collection

from sync.reasons import CannotProceed

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DATA = 4
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1: multiplication by x runs through all 31 non-zero symbols


class Mistyped(CannotProceed):
    """The line was not typed as it was printed; the text says where."""


def to_line(data: bytes) -> str:
    """The groups, separated by hyphens. The length of ``data`` must be a multiple of 5 bytes (2 groups)."""
    if len(data) % 5:
        raise ValueError("length must be a multiple of 5")
    bits = int.from_bytes(data)
    count = len(data) * 8 // 5
    symbols = [(bits >> 5 * (count - 1 - at)) & 31 for at in range(count)]
    groups = [symbols[at : at + DATA] for at in range(0, count, DATA)]
    return "-".join(_spell([*group, _check(group, place)]) for place, group in enumerate(groups))


def from_line(line: str, lengths: Collection[int]) -> bytes:
    """The bytes of a line, as many as one of ``lengths``, however spaced and in either case; Mistyped names the wrong group."""
    groups = _groups(line.upper().translate(_LOOKALIKES), [length * 8 // 5 // DATA for length in lengths])
    bits = 0
    for place, group in enumerate(groups):
        symbols = [_value(symbol, place) for symbol in group]
        if _check(symbols[:DATA], place) != symbols[DATA]:
            raise Mistyped(f"第 {place + 1} 组（{group}）输入有误，请对照回执重新输入。")
        for symbol in symbols[:DATA]:
            bits = bits << 5 | symbol
    return bits.to_bytes(len(groups) * DATA * 5 // 8)


def _groups(text: str, counts: list[int]) -> list[str]:
    spaced = text.replace("-", " ").split()
    if len(spaced) in counts:
        for place, group in enumerate(spaced):
            if len(group) != DATA + 1:
                raise Mistyped(f"第 {place + 1} 组（{group}）应有 {DATA + 1} 位，现在有 {len(group)} 位。")
        return spaced
    whole = "".join(spaced)
    count = min(counts, key=lambda one: abs(one * (DATA + 1) - len(whole)))  # the one that was meant
    if len(whole) != count * (DATA + 1):
        raise Mistyped(f"回执应有 {count} 组、每组 {DATA + 1} 位，共 {count * (DATA + 1)} 位；现在有 {len(whole)} 位。")
    return [whole[at : at + DATA + 1] for at in range(0, len(whole), DATA + 1)]


def _value(symbol: str, place: int) -> int:
    value = ALPHABET.find(symbol)
    if value < 0:
        raise Mistyped(f"第 {place + 1} 组里的“{symbol}”不是回执用的字符。")
    return value


def _spell(symbols: list[int]) -> str:
    return "".join(ALPHABET[symbol] for symbol in symbols)


def _check(symbols: list[int], place: int) -> int:
    """A polynomial over GF(32): each place has another factor, and none of them is 1, which is the check symbol's own."""
    total = (place + 1) % 32
    for symbol in symbols:
        total = _times_x(total ^ symbol)
    return total


def _times_x(value: int) -> int:
    value <<= 1
    return value ^ _POLYNOMIAL if value & 32 else value
