"""A courier process of one site pushes to the other over real HTTP, through a crash of the sender and a lost receiver."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from sync import keys, peers, status
from sync.transports import configured
from tests.sync.sites import ROOT, LedgerSite
from tests.sync.test_courier import Courier, Schedule

pytestmark = [pytest.mark.usefixtures("topic"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def outer(site: keys.SiteKeys, tmp_path: Path, live_server: LiveServer, settings: Settings) -> Iterator[LedgerSite]:
    """Another site with its own process and database, enrolled here and there."""
    settings.HALL_SYNC_PUSH_ACCEPT = True
    outer = LedgerSite("outer", tmp_path / "outer", f"sqlite:///{tmp_path / 'outer' / 'hall.sqlite3'}")
    outer.env["HALL_SYNC_PUSH_URL"] = live_server.url
    outer.run("migrate", "--run-syncdb", "-v0")
    outer.run("make_keys")
    card = tmp_path / "outer.json"
    fingerprint = json.loads(outer.run("export_key", "--to", card, "--json"))["fingerprint"]
    peers.enrol(keys.read_card(card.read_bytes()), fingerprint)
    (tmp_path / "inner.json").write_bytes(site.card.to_bytes())
    outer.run("enrol_peer", tmp_path / "inner.json", "--fingerprint", site.card.fingerprint)
    yield outer
    outer.stop()


def courier(outer: LedgerSite) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "django", "courier", "--every", "0.2"],
        cwd=ROOT,
        env=outer.env | {"DJANGO_SETTINGS_MODULE": "tests.sync.ledger.settings"},
        stdout=(outer.home / "courier.log").open("ab"),
    )


def wait_for(count: int, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and status.incoming().rseq < count:
        time.sleep(0.2)
    assert status.incoming().rseq == count, log.read_text()


def test_pushed_through_a_crash_and_acknowledged(outer: LedgerSite, settings: Settings) -> None:
    outer.note(5)
    victim = courier(outer)
    wait_for(5, outer.home / "courier.log")
    victim.kill()
    victim.wait(timeout=10)
    outer.note(3, first=6)
    settings.HALL_SYNC_PUSH_ACCEPT = False  # away for a while
    again = courier(outer)
    time.sleep(3)
    settings.HALL_SYNC_PUSH_ACCEPT = True
    wait_for(8, outer.home / "courier.log")
    again.send_signal(signal.SIGTERM)
    assert again.wait(timeout=30) == 0
    there, here = outer.status()["outgoing"], status.incoming()
    assert (there["stream"], there["rseq"], there["chain"]) == (here.stream, here.rseq, here.chain)
    assert there["acknowledged"] >= 1


def test_site_that_is_only_pushed_to_has_a_courier_that_listens(outer: LedgerSite, settings: Settings) -> None:
    said: list[str] = []
    now = [0.0]
    listener = Courier(configured.transports(None, None), Schedule(silence=60), said.append, clock=lambda: now[0])
    now[0] += 61
    assert listener.round() == ""
    assert "警报" in said[0]
    assert status.outgoing().seq == 0  # nothing is sealed that has no way to go
    settings.HALL_SYNC_PUSH_ACCEPT = False
    with pytest.raises(configured.NoTransport):
        configured.transports(None, None)


@pytest.mark.parametrize("given", ["source", "target"])
def test_one_folder_alone_is_no_way(given: str, settings: Settings, tmp_path: Path) -> None:
    settings.HALL_SYNC_IN_DIR = settings.HALL_SYNC_OUT_DIR = None
    settings.HALL_SYNC_PUSH_ACCEPT = True
    folders = {"source": None, "target": None} | {given: tmp_path / "only"}
    with pytest.raises(configured.NoTransport, match="同时给出"):
        configured.transports(**folders)
    assert not (tmp_path / "only").exists()
