"""Whole halls put back to a backup: afterwards applicants and officers see what they saw before, nothing lost or doubled."""

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sync.sites import LedgerSite, exchange, two_sites

pytestmark = pytest.mark.skipif(
    os.environ.get("HALL_TEST_DATABASE") == "postgres", reason="the halls are copied as files"
)
Pair = tuple[LedgerSite, LedgerSite]
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "hall.settings",
    "HALL_SECRET_KEY": "only for the sites of a test, which are thrown away",
    "HALL_FIELD_KEY": "only for the sites of a test, which are thrown away too",
    "HALL_PAGE_CACHE_MB": "0",
    "HALL_LOG_LEVEL": "ERROR",
}


class Drill:
    """Two halls with a carrier and an operator."""

    def __init__(self, pair: Pair, root: Path) -> None:
        self.pair, self.root, self._trips = pair, root, 0
        self.outer, self.inner = pair

    def folder(self) -> Path:
        self._trips += 1
        return self.root / f"trip-{self._trips}"

    def carry(self, times: int = 1) -> None:
        for _ in range(times):
            exchange(self.pair, self.folder())

    def begin(self, site: LedgerSite) -> dict[str, Any]:
        """A new epoch, carried over, looked at and approved."""
        receiver, folder = self.inner if site is self.outer else self.outer, self.folder()
        site.run("new_epoch", "--begin", "--reason", "磁盘损坏", "--by", "许航", "--to", folder)
        receiver.run("open_batch", folder, code=2)
        found: dict[str, Any] = json.loads(receiver.run("approve_epoch", "--json"))
        receiver.run("approve_epoch", "--approve", "--by", "高岚")
        receiver.run("open_batch", folder)
        return found

    def give_back(self, receiver: LedgerSite) -> None:
        """Everything that waits at the other side; on the way some records fail and are tried again."""
        sender, folder = self.outer if receiver is self.inner else self.inner, self.folder()
        sender.seal(folder)
        receiver.tell(command=["open_batch", str(folder)])
        assert receiver.hear()["code"] in (0, 2)

    def whole(self, before: list[dict[str, Any]]) -> None:
        """No dead letter is left, and both sides show what they showed."""
        self.carry(3)
        for site in self.pair:
            site.tell(call=["look"])
            assert site.hear()["letters"] == []
        for site, shown in zip(self.pair, before, strict=True):
            now = site.act("seen")
            assert now["catalogue"] == shown["catalogue"]
            assert sorted(now["cases"]) == sorted(shown["cases"])
            for number, case in shown["cases"].items():
                assert {name: now["cases"][number][name] for name in case} == case, (site.side, number)

    def seen(self) -> list[dict[str, Any]]:
        return [site.act("seen") for site in self.pair]

    def lives(self, draft: str) -> list[str]:
        """Everything that happens to cases in one afternoon; their numbers."""
        outer, inner = self.pair
        corrected, granted = outer.act("file", uid=draft), outer.act("file")
        withdrawn, fresh = outer.act("file"), outer.act("file")
        self.carry()
        inner.act("move", number=corrected, action="ask_correction", by="chenjing")
        inner.act("answer", number=corrected, text="请尽快补正。")
        self.carry()
        outer.act("write", number=corrected, text="已经补正，见附件。")
        outer.act("ask", number=corrected, action="supplement")
        outer.act("ask", number=withdrawn, action="withdraw")
        outer.act("book", number=granted)
        self.carry()
        for action, by in (
            ("accept", "chenjing"),
            ("pass_on", "chenjing"),
            ("pass_on", "liuyang"),
            ("grant", "sunli"),
            ("deliver", "chenjing"),
            ("close", "chenjing"),
        ):
            inner.act("move", number=granted, action=action, by=by)
        inner.act("render")
        self.carry()
        outer.act("rate", number=granted, grade=2)
        self.carry(2)
        return [corrected, granted, withdrawn, fresh]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two halls with an office, an applicant and a first case; each test has a copy of them."""
    root = tmp_path_factory.mktemp("halls")
    with two_sites(root, **ENVIRONMENT) as pair:
        pair[1].act("open_office")
        exchange(pair, root / "first")
        pair[0].act("register")
        pair[0].act("file")
        exchange(pair, root / "second")
    return root


@pytest.fixture
def drill(built: Path, tmp_path: Path) -> Iterator[Drill]:
    shutil.copytree(built, tmp_path / "sites")
    homes = {side: tmp_path / "sites" / side for side in ("outer", "inner")}
    pair = [LedgerSite(side, home, f"sqlite:///{home / 'hall.sqlite3'}", **ENVIRONMENT) for side, home in homes.items()]
    yield Drill((pair[0], pair[1]), tmp_path)
    for site in pair:
        site.stop()


def test_the_outer_hall_restored(drill: Drill) -> None:
    draft = drill.outer.act("begin")
    saved = drill.outer.save(drill.folder())
    numbers = drill.lives(draft)
    before, counted = drill.seen(), drill.outer.act("counters")
    drill.outer.load(saved)
    drill.begin(drill.outer)
    early = drill.outer.act("file")  # before anything has come back
    assert early not in numbers
    drill.give_back(drill.outer)
    drill.whole(_and(drill, before, early))
    assert drill.outer.act("file") not in {*numbers, early}
    assert drill.outer.act("counters")["applications"][0][2] > counted["applications"][0][2]


def test_the_outer_hall_restored_twice_on_one_day(drill: Drill) -> None:
    """The same backup again, before and after the peer has given back what was lost."""
    saved = drill.outer.save(drill.folder())
    numbers = [drill.outer.act("file")]
    for is_carried in (False, True, True):
        if is_carried:
            drill.carry(2)
        drill.outer.load(saved)
        drill.begin(drill.outer)
        numbers.append(drill.outer.act("file"))
    assert len(set(numbers)) == len(numbers)


def test_the_inner_hall_restored(drill: Drill) -> None:
    draft = drill.outer.act("begin")
    saved = drill.inner.save(drill.folder())
    drill.lives(draft)
    before, counted = drill.seen(), drill.inner.act("counters")
    drill.inner.load(saved)
    drill.begin(drill.inner)
    drill.inner.act("tick")  # nothing is decided while the decisions are on their way back
    drill.give_back(drill.inner)
    drill.whole(before)
    assert drill.inner.act("counters") == counted
    fresh = drill.outer.act("file")
    drill.carry(2)
    assert drill.inner.act("seen")["cases"][fresh]["state"][0] == "RECEIVED"


def test_both_halls_restored(drill: Drill) -> None:
    """The outer one further back: it gets its own back from the inner one, and the inner one what is outside."""
    draft = drill.outer.act("begin")
    saved = [drill.outer.save(drill.folder())]
    numbers = drill.lives(draft)
    saved.append(drill.inner.save(drill.folder()))
    before = drill.seen()
    lost = drill.outer.act("file")
    drill.carry(2)
    drill.outer.load(saved[0])
    drill.inner.load(saved[1])
    drill.begin(drill.outer)
    drill.begin(drill.inner)
    drill.carry(2)
    drill.whole(before)
    assert lost not in drill.outer.act("seen")["cases"]  # what both have forgotten is nowhere
    assert drill.outer.act("file") not in numbers


def _and(drill: Drill, before: list[dict[str, Any]], early: str) -> list[dict[str, Any]]:
    """What was seen before, and a case that was filed since."""
    drill.carry(2)
    for site, shown in zip(drill.pair, before, strict=True):
        shown["cases"][early] = site.act("seen")["cases"][early]
    return before
