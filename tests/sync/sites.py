"""Two real sites, each with a process and a database of its own (SQLite, or PostgreSQL with HALL_TEST_DATABASE)."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]


class LedgerSite:
    """One side: give it orders, read its answers."""

    def __init__(self, side: str, home: Path, database: str, **environment: str) -> None:
        self.side, self.home, self.environment = side, home, environment
        self.env = os.environ | {"HALL_SIDE": side, "HALL_DATA_DIR": str(home), "DATABASE_URL": database}
        self.env |= {"DJANGO_SETTINGS_MODULE": "tests.sync.ledger.settings"} | environment
        home.mkdir(parents=True, exist_ok=True)
        self.process = self.another()

    def another(self) -> subprocess.Popen[str]:
        """One more process of this site."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.sync.ledger.teller"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def restart(self, **environment: str) -> None:
        """Start anew, as after an upgrade: with other settings."""
        self.stop()
        self.env |= environment
        self.process = self.another()

    def tell(self, process: subprocess.Popen[str] | None = None, **order: Any) -> None:
        """Send an order without waiting."""
        stdin = (process or self.process).stdin
        assert stdin
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()

    def hear(self, process: subprocess.Popen[str] | None = None) -> dict[str, Any]:
        """The answer to the oldest unanswered order."""
        stdout = (process or self.process).stdout
        assert stdout
        answer: dict[str, Any] = json.loads(stdout.readline())
        return answer

    def run(self, *words: str | Path, code: int = 0) -> str:
        """A management command that must end with this code; what it printed or complained."""
        self.tell(command=[str(word) for word in words])
        answer = self.hear()
        assert answer["code"] == code, answer
        return str(answer["out"] or answer["error"])

    def note(self, n: int, **more: Any) -> None:
        """Let ``n`` facts happen."""
        self.tell(note={"n": n} | more)
        self.hear()

    def fact(self, topic: str, key: str, **payload: Any) -> None:
        """Let one fact of any topic happen."""
        self.tell(fact={"topic": topic, "key": key, "payload": payload})
        self.hear()

    def attach(self, path: Path, number: int) -> str:
        """Let one fact happen that has this file attached; the name of the attachment."""
        self.tell(attach={"path": str(path), "number": number})
        return str(self.hear()["name"])

    def attached(self, number: int) -> dict[str, Any]:
        """``files`` [name, length, hash] that came with a fact, and the most memory used so far in ``kB``."""
        self.tell(attached=number)
        return self.hear()

    def operator(self, *words: str) -> dict[str, Any]:
        """An act on the operator's page; what there is to see afterwards."""
        self.tell(call=words)
        return self.hear()

    def rows(self) -> list[list[Any]]:
        """The ledger."""
        self.tell(rows=True)
        return list(self.hear()["rows"])

    def own(self) -> list[list[Any]]:
        """What happened at this site itself."""
        self.tell(own=True)
        return list(self.hear()["rows"])

    def act(self, name: str, **words: Any) -> Any:
        """An act of the cast in a whole hall (tests/sync/halls/acts.py)."""
        self.tell(act={"name": name} | words)
        return self.hear()["answer"]

    def save(self, folder: Path) -> Path:
        """Keep a bare copy of the database."""
        folder.mkdir(parents=True)
        self.tell(save=str(folder))
        self.hear()
        return folder

    def load(self, folder: Path) -> None:
        """Put a bare copy of the database back."""
        self.tell(load=str(folder))
        self.hear()

    def status(self) -> dict[str, dict[str, Any]]:
        """``sync_status --json``."""
        found: dict[str, dict[str, Any]] = json.loads(self.run("sync_status", "--json"))
        return found

    def seal(self, folder: Path) -> list[Path]:
        """``seal_batch``: the files made."""
        made = json.loads(self.run("seal_batch", "--to", folder, "--json"))
        return [Path(batch["file"]) for batch in made["batches"]]

    def stop(self) -> None:
        """End the process."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=60)


def level(sender: LedgerSite, receiver: LedgerSite) -> bool:
    """Whether the receiver has exactly the sender's history."""
    there, here = sender.status()["outgoing"], receiver.status()["incoming"]
    return [there[name] for name in ("stream", "rseq", "chain")] == [here[name] for name in ("stream", "rseq", "chain")]


def exchange(pair: tuple[LedgerSite, LedgerSite], folder: Path) -> None:
    """Carry what waits there, then what waits back."""
    for sender, receiver in (pair, pair[::-1]):
        sender.seal(folder / sender.side)
        receiver.run("open_batch", folder / sender.side)


@contextmanager
def two_sites(root: Path, *, prepared: bool = True, **environment: str) -> Iterator[tuple[LedgerSite, LedgerSite]]:
    """Outer and inner, migrated, with keys, each enrolled at the other; or, not ``prepared``, with nothing at all.

    ``environment`` holds further settings of both.
    """
    with ExitStack() as stack:
        pair = [
            LedgerSite(side, root / side, _database(side, root, stack), **environment) for side in ("outer", "inner")
        ]
        for site in pair:
            stack.callback(site.stop)
        if not prepared:
            yield pair[0], pair[1]
            return
        for site in pair:
            site.run("migrate", "--run-syncdb", "-v0")
            site.run("make_keys")
        for site, other in (pair, reversed(pair)):
            card = root / f"{site.side}.json"
            fingerprint = json.loads(site.run("export_key", "--to", card, "--json"))["fingerprint"]
            other.run("enrol_peer", card, "--fingerprint", fingerprint)
        yield pair[0], pair[1]


@contextmanager
def copied(sites: tuple[LedgerSite, LedgerSite], root: Path) -> Iterator[tuple[LedgerSite, LedgerSite]]:
    """The same two sites once more, with everything that they have; their own processes must have ended."""
    with ExitStack() as stack:
        pair = []
        for site in sites:
            home = shutil.copytree(site.home, root / site.side)
            database = _database(site.side, root, stack, like=site.env["DATABASE_URL"])
            pair.append(LedgerSite(site.side, home, database, **site.environment))
            stack.callback(pair[-1].stop)
        yield pair[0], pair[1]


def _database(side: str, root: Path, stack: ExitStack, *, like: str = "") -> str:
    """The address of a new database, empty or ``like`` another that nobody uses now."""
    if os.environ.get("HALL_TEST_DATABASE") != "postgres":
        return f"sqlite:///{root / side / 'hall.sqlite3'}"  # a file of the site, copied with it
    server, name = os.environ["DATABASE_URL"], f"ledger_{side}_{os.getpid()}_{root.name}".replace("-", "_").lower()
    create = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if like:
        create += sql.SQL(" TEMPLATE {}").format(sql.Identifier(urlsplit(like).path.strip("/")))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(create)
    stack.callback(_drop, server, name)
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
