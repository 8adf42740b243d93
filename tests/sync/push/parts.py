"""Both ends of a push: numbers and raw requests of the peer, and the peer's endpoint, which may lie."""

import contextlib
import http.client
import http.server
from collections.abc import Callable
from typing import Any

from sync import batch_out, manifest, outbox
from sync.models import Batch
from sync.transports import push_format
from sync.transports.http import Endpoint
from tests.sync.peer import TOPIC, Peer


class Numbers:
    """The numbers of the peer's requests."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self) -> int:
        self.last += 1
        return self.last

    def skip_to(self, floor: int) -> None:
        self.last = max(self.last, floor)


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
            "offset": 0,
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


def seal(n: int) -> Batch:
    outbox.record(TOPIC, "k:1", {"n": n})
    [batch] = batch_out.seal_all(batch_out.outgoing_folder())
    return batch
