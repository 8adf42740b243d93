"""Our own pushing: goes on where the peer stopped, takes its receipt, shows a certificate."""

import http.client
import http.server
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from sync import status
from sync.courier import Courier, Schedule
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
    answering(there, push_format.Answer(state="refused", code="equivocation", sentence="两份内容"))
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


def test_what_an_older_stream_has_is_not_what_this_one_has(carrier: Courier, there: There) -> None:
    """The peer was restored, or we were: its numbers are those of another history."""
    batch = seal(1)
    holds = push_format.Holds(stream="00000000-0000-4000-8000-000000000000", applied_seq=9, waiting=[1])
    there.answer = push_format.Answer(holds=holds)
    assert carrier.round() == ""
    assert there.files == [Path(batch.file_path).read_bytes()]


def test_a_file_that_the_peer_could_not_take_waits(carrier: Courier, there: There) -> None:
    batch = seal(1)
    answering(there, push_format.Answer(code="no_space"))
    assert "没有收下第 1 批" in carrier.round()
    assert list(outgoing.waiting("push")) == [batch]


def test_a_receipt_that_is_none_is_not_believed(carrier: Courier, there: There, peer: Peer) -> None:
    batch = seal(1)
    forged = receipt_note(peer, batch).replace(b'"applied_seq":1', b'"applied_seq":7')
    answering(there, push_format.Answer(state="applied", receipt=forged.decode()))
    assert "不能采信（bad_signature）" in carrier.round()
    assert status.outgoing().acknowledged == 0


def test_a_peer_with_a_certificate_of_its_own_making(
    carrier: Courier, there: There, settings: Settings, tmp_path: Path
) -> None:
    seal(1)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(*self_signed(tmp_path))
    there.socket = own.wrap_socket(there.socket, server_side=True)
    settings.HALL_SYNC_PUSH_URL = f"https://127.0.0.1:{there.server_port}"
    carrier = Courier(configured.transports(None, None), Schedule(), lambda _line: None, clock=lambda: 1000.0)
    assert "TLS 连接没有建立" in carrier.round()
    assert there.files == []


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
    )
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(builder.sign(key, SHA256()).public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return pem, private


def answering(there: There, answer: push_format.Answer) -> None:
    """The peer signs this answer to every file."""

    def reply(handler: Any, _data: bytes, digest: bytes) -> None:
        data = push_format.answer_bytes(answer if handler.command == "POST" else push_format.Answer())
        handler.give(data, push_format.sign_answer(data, digest, there.peer.keys))

    there.reply = reply
