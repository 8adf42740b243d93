"""Requests that are repeated, changed, too large or cut: nothing of them counts."""

import contextlib
import errno
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from pytest_django import Settings

from sync import arrivals
from sync.keys import NoKeys
from sync.models import Quarantine
from sync.reports import Outcome
from sync.transports.http import Line
from tests.sync.conftest import rows
from tests.sync.peer import Peer
from tests.sync.push.parts import Numbers, Raw

pytestmark = pytest.mark.usefixtures("topic")


def test_replayed_request(raw: Raw, peer: Peer) -> None:
    body = peer.batch().read_bytes()
    header = raw.header(body)
    assert raw.post(header, body)[0] == 200
    code, answer = raw.post(header, body)
    assert answer
    assert (code, answer.code, answer.receipt, answer.holds, answer.seen) == (409, "replayed", "", None, 1)
    assert raw.post(raw.header(body, number=1, nonce="1" * 32), body)[0] == 409
    assert raw.post(raw.header(body, number=2), body)[0] == 200


def test_peer_restored_from_a_backup_goes_on_with_higher_numbers(line: Line, numbers: Numbers) -> None:
    numbers.last = 40
    line.ask()
    numbers.last = 3
    assert line.ask().code == ""
    assert numbers.last == 42


def test_body_swapped(raw: Raw, peer: Peer) -> None:
    body = peer.batch().read_bytes()
    other = body[:-1] + bytes([body[-1] ^ 1])
    code, answer = raw.post(raw.header(body), other)
    assert answer
    assert (code, answer.code) == (409, "data_hash")
    assert (rows(), Quarantine.objects.count()) == ([], 0)


def test_signed_for_another_method_or_path_or_length(raw: Raw) -> None:
    for number, fields in enumerate([{"method": "GET"}, {"path": "/sync/seal/"}, {"size": 4}], 1):
        code, answer = raw.post(raw.header(b"abc", number=number, **fields), b"abc")
        assert answer
        assert (code, answer.code) == (409, "bad_request")


def test_header_that_is_none(raw: Raw) -> None:
    good = raw.header(b"")
    for header in ("", "Basic x", "ZWFW-Sync x.y", good[:-8], good.replace(".", ".é"), "ZWFW-Sync " + "a" * 5000):
        with contextlib.closing(raw.here.open()) as connection:
            connection.request("POST", raw.here.path, b"", {"Authorization": header.encode("latin-1")})
            assert connection.getresponse().status == 403


def test_too_large_is_refused_before_the_body_is_read(raw: Raw, settings: Settings) -> None:
    settings.HALL_SYNC_PUSH_MAX_MB = 1
    size = 1024 * 1024 + 1
    header = raw.header(b"", size=size)
    parts = urlsplit(raw.here.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as connection:
        head = f"POST {raw.here.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {header}\r\nContent-Length: {size}\r\n\r\n"
        connection.sendall(head.encode())  # and not a byte of the body
        assert b" 413 " in connection.recv(100)


def test_no_space(raw: Raw, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    from sync import push_views

    monkeypatch.setattr(push_views, "RESERVE", 10**18)
    body = peer.batch().read_bytes()
    code, answer = raw.post(raw.header(body), body)
    assert answer
    assert (code, answer.code) == (507, "no_space")


def test_cut_in_the_middle_leaves_nothing(raw: Raw, line: Line, numbers: Numbers, peer: Peer, data_dir: Path) -> None:
    path = peer.batch()
    body = path.read_bytes()
    parts = urlsplit(raw.here.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as connection:
        head = f"POST {raw.here.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {raw.header(body)}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body[: len(body) // 2])
        connection.shutdown(socket.SHUT_WR)
        assert b"cut" in _all(connection)
    assert list((data_dir / "batches" / "pushed").iterdir()) == []
    assert rows() == []
    numbers.last = 1
    assert line.post(path).state == "applied"


def _all(connection: socket.socket) -> bytes:
    data = b""
    while piece := connection.recv(65536):
        data += piece
    return data


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (OSError(errno.ENOSPC, "full"), "磁盘空间不足"),
        (OperationalError("database is locked"), "database is locked"),
        (NoKeys("本站点还没有密钥。"), "本站点还没有密钥"),
    ],
)
def test_a_file_that_we_cannot_take_now_is_answered_for(
    trouble: Exception, told: str, line: Line, peer: Peer, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The peer waits and sends it again; nothing of it stays here."""

    def fails(*_: object, **__: object) -> list[Outcome]:
        raise trouble

    monkeypatch.setattr(arrivals, "open_arrived", fails)
    answer = line.post(peer.batch())
    assert (answer.state, answer.code) == ("", "not_received")
    assert told in answer.sentence
    assert list((data_dir / "batches" / "pushed").iterdir()) == []
