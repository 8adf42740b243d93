"""Push over HTTP: both sides prove who they are, a file arrives once and whole, and nothing else counts."""

import contextlib
import http.client
import http.server
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from sync import batch_out, courier_state, keys, manifest, outbox, peers, status
from sync.courier import Courier, Schedule
from sync.models import Batch, Quarantine
from sync.transports import configured, outgoing, push_format
from sync.transports.base import TransportFailed
from sync.transports.http import Endpoint, Line, Push
from tests.sync.conftest import rows
from tests.sync.peer import TOPIC, Peer
from tests.sync.peer_notes import receipt_note

pytestmark = pytest.mark.usefixtures("topic")


class Numbers:
    """The numbers of the peer's requests."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self) -> int:
        self.last += 1
        return self.last

    def skip_to(self, floor: int) -> None:
        self.last = max(self.last, floor)


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


def test_files_go_and_answers_come(line: Line, peer: Peer) -> None:
    first, second = peer.batch(), peer.batch()
    assert line.ask().holds is None
    answer = line.post(second)
    assert (answer.state, answer.code) == ("parked", "gap")
    assert answer.holds
    assert (answer.holds.applied_seq, answer.holds.waiting) == (0, [2])
    answer = line.post(first)
    assert answer.state == "applied"
    assert answer.holds
    assert (answer.holds.stream, answer.holds.applied_seq, answer.holds.waiting) == (str(peer.stream), 2, [])
    assert line.post(first).state == "duplicate"
    assert rows() == ["k:1#1", "k:1#2"]
    assert courier_state.figures().received_at


def test_answer_carries_the_newest_receipt_as_a_file(line: Line, peer: Peer) -> None:
    answer = line.post(peer.batch())
    assert peer.recipient
    from sync import notes, receipt_files

    note = notes.read(
        receipt_files.CONTEXT, manifest.ReceiptNote, answer.receipt.encode(), peer.recipient, peer.keys.card
    )
    assert (note.receipt.applied_seq, note.receipt.chain) == (1, peer.chain.hex())


def test_refused_file_is_answered_with_its_reason(line: Line, tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04")
    answer = line.post(bad)
    assert (answer.state, answer.code) == ("refused", "truncated")
    assert Quarantine.objects.get().code == "truncated"


def test_off_unless_allowed(line: Line, settings: Settings) -> None:
    settings.HALL_SYNC_PUSH_ACCEPT = False
    with pytest.raises(TransportFailed, match="404"):
        line.ask()


def test_wrong_key(here: Endpoint, peer: Peer, numbers: Numbers, tmp_path: Path) -> None:
    stranger = Peer(tmp_path / "stranger", "outer", peer.recipient)
    assert peer.recipient
    with pytest.raises(TransportFailed, match="403"):
        Line(here, stranger.keys, peer.recipient, numbers, numbers.skip_to).post(peer.batch())
    assert rows() == []
    assert courier_state.push_seen() == 0


def test_our_own_request_reflected(here: Endpoint, peer: Peer, numbers: Numbers) -> None:
    with pytest.raises(TransportFailed, match="403"):
        Line(here, peers.site_keys(), peer.keys.card, numbers, numbers.skip_to).ask()


def test_meant_for_another_site(here: Endpoint, peer: Peer, numbers: Numbers) -> None:
    assert peer.recipient
    other = peer.recipient.model_copy(update={"side": "third"})
    with pytest.raises(TransportFailed, match="403"):
        Line(here, peer.keys, other, numbers, numbers.skip_to).ask()


class Raw:
    """A request put together by hand."""

    def __init__(self, here: Endpoint, peer: Peer) -> None:
        self.here, self.peer = here, peer

    def header(self, body: bytes, **fields: Any) -> str:
        import hashlib

        assert self.peer.recipient
        values = {
            "method": "POST",
            "path": self.here.path,
            "size": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "sender": self.peer.keys.card.side,
            "recipient": self.peer.recipient.side,
            "number": 1,
            "nonce": "0" * 32,
        }
        return push_format.header_of(push_format.Request.model_validate(values | fields), self.peer.keys)

    def post(self, header: str, body: bytes, **headers: str) -> tuple[int, push_format.Answer | None]:
        with contextlib.closing(self.here.open()) as connection:
            connection.request("POST", self.here.path, body, {"Authorization": header, **headers})
            answer = connection.getresponse()
            data = answer.read()
        signed = answer.getheader("X-Sync-Signature")
        return answer.status, manifest.read(push_format.Answer, data) if signed else None


@pytest.fixture
def raw(here: Endpoint, peer: Peer) -> Raw:
    return Raw(here, peer)


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


# --- our own pushing, towards a peer that may lie


class There(http.server.ThreadingHTTPServer):
    """The peer's endpoint: ``reply`` decides; by default it signs what a peer with everything applied would say."""

    def __init__(self, peer: Peer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.peer, self.asked, self.files = peer, 0, []
        self.reply: Callable[[http.server.BaseHTTPRequestHandler, bytes, bytes], None] | None = None
        self.answer = push_format.Answer()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: There

    def do_GET(self) -> None:
        self.server.asked += 1
        self.answer(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.files.append(body)
        self.answer(body)

    def answer(self, body: bytes) -> None:
        assert self.server.peer.recipient
        _, digest = push_format.read_header(
            self.headers["Authorization"], self.server.peer.recipient, self.server.peer.keys.card
        )
        answer = self.server.answer.model_copy(update={"state": "applied" if body else ""})
        data = push_format.answer_bytes(answer)
        if self.server.reply:
            self.server.reply(self, data, digest)
        else:
            self.give(data, push_format.sign_answer(data, digest, self.server.peer.keys))

    def give(self, data: bytes, signature: str, length: int | None = None) -> None:
        self.send_response(200)
        self.send_header("X-Sync-Signature", signature)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


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


def seal(n: int) -> Batch:
    outbox.record(TOPIC, "k:1", {"n": n})
    [batch] = batch_out.seal_all(batch_out.outgoing_folder())
    return batch


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


def test_no_whole_file_in_memory(line: Line, tmp_path: Path, settings: Settings) -> None:
    """A file of 32 MiB is hashed, sent and received in pieces."""
    import tracemalloc

    large = tmp_path / "large.zip"
    with large.open("wb") as handle:
        handle.truncate(32 * 1024 * 1024)
    tracemalloc.start()
    try:
        assert line.post(large).code == "not_a_batch"
        assert tracemalloc.get_traced_memory()[1] < 16 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_https_shows_a_certificate(settings: Settings, tmp_path: Path, peer: Peer) -> None:
    settings.HALL_SYNC_PUSH_URL = "https://127.0.0.1:1"
    settings.HALL_SYNC_PUSH_SECONDS = 1
    settings.HALL_SYNC_PUSH_CERT = str(tmp_path / "none.pem")
    with pytest.raises(FileNotFoundError):
        configured.push_line()
    settings.HALL_SYNC_PUSH_CERT = ""
    line = configured.push_line()
    assert isinstance(line._endpoint.open(), http.client.HTTPSConnection)
