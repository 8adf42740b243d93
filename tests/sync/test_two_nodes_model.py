"""Two sites and a hostile carrier, in any order that hypothesis thinks of; afterwards both sides heal and agree."""

import itertools
import os
import random
from contextlib import ExitStack
from pathlib import Path

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from sync import failpoints
from tests.sync import forging
from tests.sync.crashes import Journey, quick_folder
from tests.sync.sites import LedgerSite, two_sites

SEED = int(os.environ.get("HALL_TEST_SEED", "20261122"))
_thousands = itertools.count(1000, 1000)
SIDES = st.sampled_from(["outer", "inner"])
POINTS = st.sampled_from(["", "", "", *failpoints.NAMES])


class TwoNodes(RuleBasedStateMachine):
    """The carrier has every file that was ever made, and gives whom what he likes."""

    pair: tuple[LedgerSite, LedgerSite]
    seed: int

    def __init__(self) -> None:
        super().__init__()
        first = next(_thousands)
        self.journey = Journey(*self.pair, folder=self.pair[0].home.parent / f"disk-{first}", first=first)
        self.made: list[Path] = []
        self.number = itertools.count(1)

    def site(self, side: str) -> LedgerSite:
        return self.journey.outer if side == "outer" else self.journey.inner

    def step(self, side: str, point: str, *words: str | Path) -> None:
        self.journey._step(self.site(side), lambda: {"failpoint": point} if point else {}, *words)

    @rule(side=SIDES, n=st.integers(1, 3), size=st.sampled_from([0, 400]))
    def write(self, side: str, n: int, size: int) -> None:
        self.journey._note(self.site(side), n, size)

    @rule(side=SIDES)
    def roll_back(self, side: str) -> None:
        self.site(side).note(1, first=999, key="undone", undo=True)

    @rule(side=SIDES, point=POINTS, more=st.sampled_from([(), ("--heartbeat",), ("--again", "1-9999")]))
    def seal(self, side: str, point: str, more: tuple[str, ...]) -> None:
        folder = self.journey.folder / f"made-{next(self.number)}"
        self.step(side, point, "seal_batch", "--to", folder, *more)
        self.made += sorted(folder.glob("*.zip"))

    @rule(
        side=SIDES,
        at=st.integers(0, 50),
        point=POINTS,
        damage=st.sampled_from(["", "", *forging.DAMAGES]),
        n=st.integers(),
    )
    def deliver(self, side: str, at: int, point: str, damage: str, n: int) -> None:
        """Late, twice, to the wrong side, under another name, damaged."""
        if not self.made:
            return
        data = self.made[at % len(self.made)].read_bytes()
        if damage:
            data = forging.DAMAGES[damage](data, random.Random(n))
        path = self.journey.folder / f"carried-{next(self.number)}.zip"
        path.write_bytes(data)
        self.step(side, point, "open_batch", path)

    @rule(at=st.integers(0, 50))
    def lose(self, at: int) -> None:
        if self.made:
            self.made.pop(at % len(self.made))

    def teardown(self) -> None:
        self.journey.heal(rounds=1)
        for site in self.pair:
            site.run("seal_batch", "--to", self.journey.folder / f"head-{site.side}", "--heartbeat")
            other = self.pair[site is self.pair[0]]
            other.tell(command=["open_batch", str(self.journey.folder / f"head-{site.side}")])
            other.hear()
        self.journey.heal(rounds=8)
        self.journey.check(f"seed {self.seed}")


def explore(examples: int, steps: int, *, part: int = 0, **environment: str) -> None:
    """Run the model on one pair of sites, whose history grows from example to example; each ``part`` with a seed of its own."""
    TwoNodes.seed = SEED + part
    print("seed", TwoNodes.seed)
    with ExitStack() as stack:
        home = stack.enter_context(quick_folder())
        TwoNodes.pair = stack.enter_context(two_sites(home, **environment))
        model = seed(TwoNodes.seed)(TwoNodes)
        # Not shrunk: the sites keep their history, so a shorter story would not be the same one.
        run_state_machine_as_test(
            model,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_hostile_carrier() -> None:
    explore(examples=6, steps=25)
