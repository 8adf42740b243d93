"""The inner site of the test, with keys and an enrolled outer peer; a topic whose facts become rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from pytest_django import Settings

from identity.models import User
from sync import durable, intake, keys, peers, registry, suites
from sync.registry import Fact, Reject
from sync.reports import Outcome
from tests.conftest import switch_side
from tests.people import PASSWORD
from tests.sync.peer import TOPIC, Peer


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """A fresh data folder: keys, batches and files of the running test."""
    switch_side(settings, "inner")
    settings.HALL_DATA_DIR = tmp_path / "inner"
    settings.HALL_BATCH_DIR = tmp_path / "inner" / "batches"
    settings.HALL_MARK_FILE = ""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = settings.STORAGES | {"default": files}
    return settings.HALL_DATA_DIR


@pytest.fixture
def suite() -> str:
    """The suite of both sites; a test that is good for all is parametrised with them."""
    return suites.INTL


@pytest.fixture
def site(data_dir: Path, suite: str) -> keys.SiteKeys:
    """This site's keys."""
    keys.create(data_dir, "inner", suite)
    return keys.load(data_dir, "inner")


@pytest.fixture
def peer(db: None, site: keys.SiteKeys, suite: str, tmp_path: Path) -> Peer:
    """The enrolled outer site."""
    peer = Peer(tmp_path / "outer", "outer", site.card, suite)
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint)
    return peer


@pytest.fixture(params=suites.NAMES)
def rotating(request: pytest.FixtureRequest, db: None, data_dir: Path, tmp_path: Path) -> Peer:
    """The enrolled outer site, once with each suite."""
    keys.create(data_dir, "inner", request.param)
    peer = Peer(tmp_path / "outer", "outer", keys.load(data_dir, "inner").card, suite=request.param)
    peers.enrol(peer.keys.card, peer.keys.card.fingerprint)
    return peer


@pytest.fixture
def topic() -> Iterator[str]:
    """Facts of this topic become groups named ``key#n``; ``bad`` ones are rejected, unique ``n`` clash."""

    @registry.handles(TOPIC)
    def note(fact: Fact) -> None:
        if "bad" in fact.payload:
            raise Reject("坏记录")
        Group.objects.create(name=f"{fact.key}#{fact.payload['n']}")

    yield TOPIC
    registry.forget(TOPIC)


@pytest.fixture
def page(operator: User, client: Client) -> Client:
    """许航, the operator, logged in."""
    assert client.login(username=operator.username, password=PASSWORD)
    return client


def rows() -> list[str]:
    """What was applied, in the order of application."""
    return list(Group.objects.order_by("id").values_list("name", flat=True))


def open_one(path: Path) -> Outcome:
    """The outcome of a single file, of which nothing else was released."""
    [outcome] = intake.open_path(path)
    return outcome


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What is copied from now on."""
    copy, found = durable.copy, []

    def counted(source: Path, target: Path) -> None:
        found.append(source)
        copy(source, target)

    monkeypatch.setattr(durable, "copy", counted)
    return found
