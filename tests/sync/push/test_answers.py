"""A peer that lies, is slow, or is not there: nothing is believed, nothing is lost."""

import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from sync import courier_state, keys
from sync.courier import Courier
from sync.transports import outgoing, push_format
from sync.transports.http import Push
from tests.sync.peer import Peer
from tests.sync.push.parts import There, seal

pytestmark = pytest.mark.usefixtures("topic")


def forged(handler: Any, data: bytes, digest: bytes, keys_of: keys.SiteKeys) -> None:
    handler.give(data, push_format.sign_answer(data, digest, keys_of))


def test_answer_of_another(carrier: Courier, there: There, tmp_path: Path) -> None:
    stranger = Peer(tmp_path / "stranger", "outer", there.peer.recipient)
    there.reply = lambda handler, data, digest: forged(handler, data, digest, stranger.keys)
    assert_not_believed(carrier)


def test_answer_to_another_request(carrier: Courier, there: There) -> None:
    there.reply = lambda handler, data, _digest: forged(handler, data, b"\0" * 32, there.peer.keys)
    assert_not_believed(carrier)


def test_answer_changed_on_the_way(carrier: Courier, there: There) -> None:
    def reply(handler: Any, data: bytes, digest: bytes) -> None:
        signature = push_format.sign_answer(data, digest, there.peer.keys)
        handler.give(data.replace(b'"seen":0', b'"seen":1'), signature)

    there.reply = reply
    assert_not_believed(carrier)


def assert_not_believed(carrier: Courier) -> None:
    seal(1)
    assert "没有通过验证" in carrier.round()
    assert [batch.seq for batch in outgoing.waiting("push")] == [1]
    assert courier_state.figures().received_at is None


def test_answer_cut(carrier: Courier, there: There) -> None:
    def reply(handler: Any, data: bytes, digest: bytes) -> None:
        handler.give(data[:20], push_format.sign_answer(data, digest, there.peer.keys), length=len(data))
        handler.close_connection = True

    there.reply = reply
    seal(1)
    assert "无法与对端通信" in carrier.round()


def test_endless_answer(carrier: Courier, there: There) -> None:
    def reply(handler: Any, _data: bytes, _digest: bytes) -> None:
        with contextlib.suppress(OSError):
            handler.give(b"x" * 3 * 1024 * 1024, "")

    there.reply = reply
    seal(1)
    assert "too large" in carrier.round()


def test_slow_answer(carrier: Courier, there: There) -> None:
    def reply(handler: Any, _data: bytes, _digest: bytes) -> None:
        handler.give(b"", "", length=100)
        with contextlib.suppress(OSError):
            for _ in range(40):  # a drop now and then: no single wait is too long
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.1)

    there.reply = reply
    seal(1)
    start = time.monotonic()
    assert "too slow" in carrier.round()
    assert time.monotonic() - start < 3


def test_nobody_there(carrier: Courier, there: There, settings: Settings) -> None:
    there.shutdown()
    there.server_close()
    seal(1)
    assert "无法与对端通信" in carrier.round()
    assert isinstance(carrier.transports[0], Push)


def test_error_of_a_proxy(carrier: Courier, there: There) -> None:
    there.reply = lambda handler, _data, _digest: handler.send_error(502)
    seal(1)
    assert "HTTP 502" in carrier.round()
