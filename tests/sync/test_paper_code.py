"""Bytes as a line to be typed: whatever was typed wrong is found, and its group is named."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.transports import paper_code
from sync.transports.paper_code import ALPHABET, Mistyped

SEED = 20261126
BYTES = st.binary(min_size=30, max_size=30)


@given(BYTES)
def test_line_is_lossless(data: bytes) -> None:
    line = paper_code.to_line(data)
    assert paper_code.from_line(line, [30]) == data
    assert [len(group) for group in line.split("-")] == [5] * 12


@given(BYTES, st.integers(0, 11), st.integers(0, 4), st.integers(1, 31))
def test_every_wrong_symbol_is_found_in_its_group(data: bytes, group: int, at: int, shift: int) -> None:
    groups = paper_code.to_line(data).split("-")
    right = groups[group]
    wrong = ALPHABET[(ALPHABET.index(right[at]) + shift) % 32]
    groups[group] = right[:at] + wrong + right[at + 1 :]
    with pytest.raises(Mistyped, match=f"第 {group + 1} 组"):
        paper_code.from_line("-".join(groups), [30])


@given(BYTES, st.integers(0, 11), st.integers(0, 3))
def test_exchanged_neighbours_are_found(data: bytes, group: int, at: int) -> None:
    groups = paper_code.to_line(data).split("-")
    right = groups[group]
    if right[at] == right[at + 1]:
        return
    groups[group] = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    with pytest.raises(Mistyped, match=f"第 {group + 1} 组"):
        paper_code.from_line("-".join(groups), [30])


@pytest.mark.parametrize("length", [30, 80])
@given(data=st.data())
def test_exchanged_groups_are_found(length: int, data: st.DataObject) -> None:
    groups = paper_code.to_line(data.draw(st.binary(min_size=length, max_size=length))).split("-")
    one, other = data.draw(st.tuples(*[st.integers(0, len(groups) - 1)] * 2))
    if one == other:
        return
    groups[one], groups[other] = groups[other], groups[one]
    with pytest.raises(Mistyped):
        paper_code.from_line("-".join(groups), [30, 80])


def test_lost_and_foreign_symbols_are_named() -> None:
    print("seed", SEED)
    line = paper_code.to_line(random.Random(SEED).randbytes(30))
    groups = line.split("-")
    with pytest.raises(Mistyped, match=r"第 3 组.*应有 5 位，现在有 4 位"):
        paper_code.from_line("-".join([*groups[:2], groups[2][:4], *groups[3:]]), [30])
    with pytest.raises(Mistyped, match="共 60 位；现在有 55 位"):
        paper_code.from_line("-".join(groups[1:]), [30])
    with pytest.raises(Mistyped, match="第 2 组里的“U”"):
        paper_code.from_line("-".join([groups[0], "UUUUU", *groups[2:]]), [30])


@given(st.binary(min_size=80, max_size=80))
def test_long_line_is_lossless_beside_short_ones(data: bytes) -> None:
    line = paper_code.to_line(data)
    assert paper_code.from_line(line, [30, 80]) == data
    assert paper_code.from_line(line.replace("-", ""), [30, 80]) == data
    assert len(line.split("-")) == 32


@pytest.mark.parametrize(("typed", "meant"), [(11, 12), (13, 12), (31, 32), (40, 32), (1, 12)])
def test_cut_line_is_told_the_length_that_was_meant(typed: int, meant: int) -> None:
    line = "-".join(["00000"] * typed)
    with pytest.raises(Mistyped, match=f"应有 {meant} 组、每组 5 位，共 {meant * 5} 位；现在有 {typed * 5} 位"):
        paper_code.from_line(line, [30, 80])


def test_length_must_fill_the_groups() -> None:
    with pytest.raises(ValueError, match="multiple of 5"):
        paper_code.to_line(bytes(31))
