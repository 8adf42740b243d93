"""Two sites whose processes are killed, and what must hold once they are left in peace again."""

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sync.sites import LedgerSite

# What is to happen to the process of one step: {"failpoint": …}, {"after": seconds}, or nothing.
Fate = Callable[[], dict[str, Any]]


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is one: a thousand fsyncs on a busy disk take minutes and prove nothing here."""
    memory = Path("/dev/shm")
    home = tempfile.mkdtemp(prefix="hall-crashes-", dir=memory if memory.is_dir() else None)
    try:
        yield Path(home)
    finally:
        shutil.rmtree(home)


def spared() -> dict[str, Any]:
    """Nothing happens."""
    return {}


@dataclass
class Journey:
    """Facts of both sites on their way, in steps that may be killed; numbers start at ``first``."""

    outer: LedgerSite
    inner: LedgerSite
    folder: Path
    first: int
    killed: int = 0
    sent: dict[str, list[int]] = field(default_factory=lambda: {"outer": [], "inner": []})

    def travel(self, fate: Fate, chance: random.Random) -> None:
        """Two batches there, the second opened first, a damaged file among them; one batch with a receipt back."""
        for n in (4, 3):
            self._note(self.outer, n, size=chance.choice([300, 70_000]))
            self._step(self.outer, fate, "seal_batch", "--to", self.folder / "there")
        made = sorted((self.folder / "there").glob("*-*.zip"))  # not a damaged one that a killed step has left
        numbers = sorted({_seq(path) for path in made})
        for path in [path for path in made if [_seq(path)] == numbers[1:2]]:
            self._step(self.inner, fate, "open_batch", path)
        for path in made[:1]:
            damaged = self.folder / "there" / "damaged.zip"
            data = path.read_bytes()
            damaged.write_bytes(data[: chance.randrange(len(data))])
            self._step(self.inner, fate, "open_batch", damaged)
        self._step(self.inner, fate, "open_batch", self.folder / "there")
        self._note(self.inner, 2, size=300)
        self._step(self.inner, fate, "seal_batch", "--to", self.folder / "back")
        self._step(self.outer, fate, "open_batch", self.folder / "back")

    def heal(self, fate: Fate = spared, rounds: int = 4) -> None:
        """What operators do anyway until both sides are level: seal, carry, open, in both directions."""
        for _ in range(rounds):
            if fate is spared and self._level():
                return
            for sender, receiver, name in ((self.outer, self.inner, "there"), (self.inner, self.outer, "back")):
                self._step(sender, fate, "seal_batch", "--to", self.folder / name)
                self._step(receiver, fate, "open_batch", self.folder / name)

    def at_random_times(self, seed: int, longest: float) -> None:
        """Travel and recover while processes are killed, each within ``longest`` seconds of its start."""
        chance = random.Random(seed)
        self.travel(lambda: {"after": chance.uniform(0, longest)} if chance.random() < 0.7 else {}, chance)
        self.heal(lambda: {"after": chance.uniform(0, longest)} if chance.random() < 0.5 else {}, rounds=1)
        self.heal()
        self.check(f"seed {seed}")

    def check(self, note: str) -> None:
        """Both heads equal, every row once, every file where it belongs."""
        states = {site.side: state(site) for site in (self.outer, self.inner)}
        for sender, receiver in (("outer", "inner"), ("inner", "outer")):
            assert states[sender]["heads"]["out"] == states[receiver]["heads"]["in"], (note, states)
            arrived = [n for n in states[receiver]["numbers"] if n >= self.first]
            assert sorted(arrived) == sorted(self.sent[sender]), note
        assert [one["faults"] for one in states.values()] == [[], []], (note, states)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _level(self) -> bool:
        there, here = state(self.outer), state(self.inner)
        level = there["heads"].get("out") == here["heads"].get("in") and here["heads"].get("out") == there["heads"].get(
            "in"
        )
        return level and not (there["waiting"] or here["waiting"] or there["faults"] or here["faults"])

    def _note(self, site: LedgerSite, n: int, size: int) -> None:
        start = self.first + len(self.sent["outer"]) + len(self.sent["inner"])
        site.note(n, first=start, bytes=size)
        self.sent[site.side] += range(start, start + n)

    def _step(self, site: LedgerSite, fate: Fate, *words: str | Path) -> None:
        if words[0] == "open_batch":
            Path(words[1]).mkdir(parents=True, exist_ok=True) if not str(words[1]).endswith(".zip") else None
        site.tell(child={"command": [str(word) for word in words]}, **fate())
        answer = site.hear()
        self.killed += answer["killed"]
        assert answer["killed"] or answer["code"] in (0, 2, 3), (words, answer)


def _seq(path: Path) -> str:
    return path.stem.split("-")[-2]


def state(site: LedgerSite) -> dict[str, Any]:
    """tests/sync/ledger/state.py of a site."""
    site.tell(state=True)
    answer: dict[str, Any] = json.loads(json.dumps(site.hear()))
    return answer
