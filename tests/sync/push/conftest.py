"""A push in either direction."""

import threading
from collections.abc import Iterator

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from sync import courier_state
from sync.courier import Courier, Schedule
from sync.transports import configured
from sync.transports.http import Endpoint, Line
from tests.sync.peer import Peer
from tests.sync.push.parts import Numbers, Raw, There


@pytest.fixture
def numbers() -> Numbers:
    return Numbers()


@pytest.fixture
def here(live_server: LiveServer, peer: Peer, settings: Settings) -> Endpoint:
    """This site's endpoint, on the whole stack of the hall."""
    settings.HALL_SYNC_PUSH_ACCEPT = True
    return Endpoint(f"{live_server.url}/sync/push/", timeout=20)


@pytest.fixture
def line(here: Endpoint, peer: Peer, numbers: Numbers) -> Line:
    """The peer's line to this site."""
    assert peer.recipient
    return Line(here, peer.keys, peer.recipient, numbers, numbers.skip_to)


@pytest.fixture
def raw(here: Endpoint, peer: Peer) -> Raw:
    return Raw(here, peer)


@pytest.fixture
def there(peer: Peer, settings: Settings) -> Iterator[There]:
    server = There(peer)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    settings.HALL_SYNC_PUSH_URL = f"http://127.0.0.1:{server.server_port}"
    settings.HALL_SYNC_PUSH_SECONDS = 1
    courier_state.sealed()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def carrier(there: There) -> Courier:
    return Courier(configured.transports(None, None), Schedule(), lambda _line: None, clock=lambda: 1000.0)
