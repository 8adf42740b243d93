"""Many processes of both sites at work in the same moment, and what must hold when they are done."""

import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.sync.crashes import state
from tests.sync.sites import LedgerSite

Pair = tuple[LedgerSite, LedgerSite]
Orders = list[dict[str, Any]]


@dataclass(frozen=True)
class Rush:
    """How many of whom, and how often each acts."""

    writers: int
    facts: int
    exporters: int = 2
    importers: int = 8
    rounds: int = 4

    def run(self, pair: Pair, folder: Path, first: int, seed: int) -> None:
        """Write, roll back, seal and open at once; then finish in peace and compare. Facts are numbered from ``first``."""
        outer, inner = pair
        chance, note = random.Random(seed), f"seed {seed}"
        writers, committed = self._writers(chance, first)
        seal = {"command": ["seal_batch", "--to", str(folder)]}
        folder.mkdir(parents=True)
        outer.tell(crowd=writers + [[dict(seal) for _ in range(self.rounds)] for _ in range(self.exporters)])
        inner.tell(crowd=self._importers(folder))
        check_codes(outer.hear(), {0}, note)
        check_codes(inner.hear(), {0, 2}, note)
        outer.seal(folder)
        inner.tell(crowd=self._importers(folder))
        check_codes(inner.hear(), {0}, note)
        compare(pair, first, committed, note)

    def _importers(self, folder: Path) -> list[Orders]:
        return [[{"command": ["open_batch", str(folder)]} for _ in range(self.rounds)] for _ in range(self.importers)]

    def _writers(self, chance: random.Random, first: int) -> tuple[list[Orders], set[int]]:
        """Four writers share a key; every sixth transaction or so is rolled back."""
        crowd, committed = [], set()
        for writer in range(self.writers):
            start = first + writer * self.facts
            numbers = range(start, start + self.facts)
            undone = [number for number in numbers if chance.random() < 1 / 6]
            committed |= set(numbers) - set(undone)
            order = {"n": self.facts, "first": start, "keys": 2, "key": f"{first}-{writer // 4}", "undone": undone}
            crowd.append([{"note": order | {"dwell": chance.uniform(0, 0.004), "bytes": chance.choice([0, 0, 300])}}])
        return crowd, committed


def check_codes(answer: dict[str, Any], allowed: set[int], note: str) -> None:
    """Every order of every process ended as it may."""
    for orders in answer["answers"]:
        for one in orders:
            assert one["code"] in allowed, (note, one)


def compare(pair: Pair, first: int, committed: set[int], note: str) -> None:
    """Each committed fact once, in the order of its key; numbers without holes; nothing that was rolled back."""
    outer, inner = pair
    arrived, happened = ([row for row in rows if row[1] >= first] for rows in (inner.rows(), outer.own()))
    assert {row[1] for row in happened} == committed, note
    assert sorted(row[1] for row in arrived) == sorted(committed), note
    assert by_key(arrived) == by_key(happened), note
    there, here = state(outer), state(inner)
    assert there["heads"]["out"] == here["heads"]["in"], note
    assert (there["waiting"], there["faults"], here["faults"]) == (0, [], []), note


def by_key(rows: list[list[Any]]) -> dict[str, list[int]]:
    """The numbers of each key in their order."""
    found = defaultdict(list)
    for key, number, *_ in rows:
        found[key].append(number)
    return found
