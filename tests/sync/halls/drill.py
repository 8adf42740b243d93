"""What a carrier and an operator do between two halls, and whether both are whole again afterwards."""

import json
from pathlib import Path
from typing import Any

from tests.sync.sites import LedgerSite, exchange

Pair = tuple[LedgerSite, LedgerSite]
Seen = dict[str, Any]
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

    def other(self, site: LedgerSite) -> LedgerSite:
        """The hall on the other side."""
        return self.inner if site is self.outer else self.outer

    def folder(self) -> Path:
        """One that nobody has used yet."""
        self._trips += 1
        return self.root / f"trip-{self._trips}"

    def carry(self, times: int = 1) -> None:
        """There and back."""
        for _ in range(times):
            exchange(self.pair, self.folder())

    def begin(self, site: LedgerSite) -> dict[str, Any]:
        """A new epoch, carried over, looked at and approved."""
        receiver, folder = self.other(site), self.folder()
        site.run("new_epoch", "--begin", "--reason", "磁盘损坏", "--by", "许航", "--to", folder)
        receiver.run("open_batch", folder, code=2)
        found: dict[str, Any] = json.loads(receiver.run("approve_epoch", "--json"))
        receiver.run("approve_epoch", "--approve", "--by", "高岚")
        receiver.run("open_batch", folder)
        return found

    def give_back(self, receiver: LedgerSite) -> None:
        """Everything that waits at the other side; on the way some records fail and are tried again."""
        folder = self.folder()
        self.other(receiver).seal(folder)
        receiver.tell(command=["open_batch", str(folder)])
        assert receiver.hear()["code"] in (0, 2)

    def put_back(self, site: LedgerSite, saved: Path) -> dict[str, Any]:
        """The backup instead of what is there, a new epoch, and everything that the other side gives back for it."""
        site.load(saved)
        found = self.begin(site)
        self.give_back(site)
        return found

    def seen(self) -> list[Seen]:
        """What either side shows."""
        return [site.act("seen") for site in self.pair]

    def whole(self, before: list[Seen]) -> None:
        """No dead letter is left, and both sides show what they showed."""
        self.carry(3)
        self.settled()
        pairs = zip(self.pair, before, strict=True)
        found = {site.side: differences(shown, site.act("seen")) for site, shown in pairs}
        assert not any(found.values()), json.dumps(found, ensure_ascii=False, indent=1)

    def settled(self) -> None:
        """No dead letter is left."""
        for site in self.pair:
            letters = site.operator("look")["letters"]
            assert letters == [], letters


def differences(before: Seen, now: Seen) -> list[list[Any]]:
    """What is shown otherwise: part, name, word, how it was, how it is; of a row that only one has, its name."""
    found = [[part, name] for part in before for name in before[part].keys() ^ now[part].keys()]
    for part, rows in before.items():
        for name, row in rows.items():
            is_now = now[part].get(name, row)
            found += [[part, name, word, was, is_now[word]] for word, was in row.items() if is_now[word] != was]
    return found
