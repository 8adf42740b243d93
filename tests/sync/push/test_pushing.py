"""Our own pushing: goes on where the peer stopped, takes its receipt, shows a certificate."""

import http.client
import http.server
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from sync import status
from sync.courier import Courier
from sync.transports import configured, outgoing, push_format
from tests.sync.peer import Peer
from tests.sync.peer_notes import receipt_note
from tests.sync.push.parts import There, seal

pytestmark = pytest.mark.usefixtures("topic")


def test_courier_pushes_and_takes_the_receipt(carrier: Courier, there: There, peer: Peer) -> None:
    batch = seal(1)
    there.answer = push_format.Answer(receipt=receipt_note(peer, batch).decode())
    assert carrier.round() == ""
    assert there.files == [Path(batch.file_path).read_bytes()]
    assert status.outgoing().acknowledged == 1


def test_nothing_to_send_asks_nothing(carrier: Courier, there: There) -> None:
    assert carrier.round() == ""
    assert there.asked == 0


def test_goes_on_where_the_peer_stopped(carrier: Courier, there: There) -> None:
    batches = [seal(n) for n in (1, 2, 3)]
    holds = push_format.Holds(stream=str(batches[0].stream.epoch), applied_seq=1, waiting=[3])
    there.answer = push_format.Answer(holds=holds)
    assert carrier.round() == ""
    assert there.files == [Path(batches[1].file_path).read_bytes()]
    assert list(outgoing.waiting("push")) == []


def test_refused_by_the_peer_is_told_and_not_sent_again(carrier: Courier, there: There) -> None:
    said: list[str] = []
    carrier.say = said.append
    seal(1)
    refusing = push_format.Answer(state="refused", code="equivocation", sentence="两份内容")

    def reply(handler: Any, _data: bytes, digest: bytes) -> None:
        data = push_format.answer_bytes(refusing if handler.command == "POST" else push_format.Answer())
        handler.give(data, push_format.sign_answer(data, digest, there.peer.keys))

    there.reply = reply
    assert carrier.round() == ""
    assert any("equivocation" in line for line in said)
    assert carrier.round() == ""
    assert len(there.files) == 1


def test_https_shows_a_certificate(settings: Settings, tmp_path: Path, peer: Peer) -> None:
    settings.HALL_SYNC_PUSH_URL = "https://127.0.0.1:1"
    settings.HALL_SYNC_PUSH_SECONDS = 1
    settings.HALL_SYNC_PUSH_CERT = str(tmp_path / "none.pem")
    with pytest.raises(FileNotFoundError):
        configured.push_line()
    settings.HALL_SYNC_PUSH_CERT = ""
    line = configured.push_line()
    assert isinstance(line._endpoint.open(), http.client.HTTPSConnection)
