"""Two real sites for stories: own databases, own folders, real web servers, real batch files between them.

Built once per test run from the demo city without its history; the cast and their password are the demo's. On SQLite, or on
PostgreSQL with HALL_TEST_DATABASE=postgres. Background tasks run at once in the process that asks for them.

    def test_granted(hall):
        visitor = hall.visitor(hall.outer)
        visitor.login("liming")
        …                              # submit
        hall.to_inner()                # seal on the outer side, carry, open on the inner side
        clerk = hall.visitor(hall.inner, "clerk name")
        …                              # accept
        hall.to_outer()
        hall.inner.manage("tick", "--today", "2026-12-01")   # any management command
"""

import dataclasses
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.visitor import Visitor
from tools import courier, demo_data, postgres, processes, sites
from tools.sites import Site

# The server of a story renders documents at once, and forgets guesses of passwords of earlier stories.
EXTRA = {"HALL_DEMO": "1", "HALL_TASKS_INLINE": "1", "HALL_PAGE_CACHE_MB": "0", "HALL_LOG_LEVEL": "ERROR"}


@dataclasses.dataclass(frozen=True)
class Hall:
    """The two running sites."""

    outer: Site
    inner: Site

    def visitor(self, site: Site, username: str = "", language: str = "zh-hans") -> Visitor:
        """A browser on a site, logged in when ``username`` is given."""
        visitor = Visitor(site.url, language)
        if username:
            visitor.login(username)
        return visitor

    def carry(self, sender: Site, receiver: Site) -> list[str]:
        """One journey: ``seal_batch``, move the files, ``open_batch``; the names of the files carried.

        For a journey that goes wrong use ``tools.courier.move`` and ``site.manage("open_batch", …, allowed=(2, 3))``.
        """
        return courier.carry(sender, receiver)

    def to_inner(self) -> list[str]:
        """Carry what waits on the outer side."""
        return self.carry(self.outer, self.inner)

    def to_outer(self) -> list[str]:
        """Carry what waits on the inner side."""
        return self.carry(self.inner, self.outer)

    def exchange(self) -> None:
        """There and back."""
        self.to_inner()
        self.to_outer()


def _database(server: str, name: str) -> str:
    """Create a database on the server of ``server`` and return its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    parts = urlsplit(server)
    return urlunsplit(parts._replace(path=f"/{name}"))


def _drop(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _site_on_postgres(site: Site, stack: ExitStack) -> Site:
    server, name = os.environ["DATABASE_URL"], f"story_{site.side}_{os.getpid()}"
    stack.callback(_drop, server, name)
    return dataclasses.replace(site, extra={**site.extra, "DATABASE_URL": _database(server, name)})


def _serve(site: Site, stack: ExitStack) -> None:
    log = site.folder / "web.log"
    process = processes.web(site, log)
    stack.callback(processes.stop_all, [process])
    assert processes.wait_until_ready(site, process), log.read_text()


@contextmanager
def running_hall(root: Path) -> Iterator[Hall]:
    """Build two sites under ``root`` and serve them until the end of the block."""
    with ExitStack() as stack:
        outer, inner = sites.pair(root, postgres.free_port(), postgres.free_port(), **EXTRA)
        if os.environ.get("HALL_TEST_DATABASE") == "postgres":
            outer, inner = _site_on_postgres(outer, stack), _site_on_postgres(inner, stack)
        demo_data.build((outer, inner), demo_data.without_history())
        for site in (outer, inner):
            _serve(site, stack)
        yield Hall(outer, inner)


@contextmanager
def hall_in_temporary_folder() -> Iterator[Hall]:
    """``running_hall`` in a folder that is removed afterwards."""
    root = Path(tempfile.mkdtemp(prefix="hall-story-"))
    try:
        with running_hall(root) as hall:
            yield hall
    finally:
        shutil.rmtree(root, ignore_errors=True)


def pdf_text(pdf: bytes) -> str:
    """What a person reads in a PDF, by Poppler: another engine than the one that wrote it."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()
