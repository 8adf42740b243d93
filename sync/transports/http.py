"""Push over HTTP where policy allows a connection: files go to the peer's endpoint, receipts come back in its answers.

Both sides are authenticated by the enrolled signature keys, the content is sealed anyway; TLS (with client
certificates where wanted) is a matter of the deployment and hides who talks to whom.
"""

import contextlib
import hashlib
import http.client
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from sync import courier_state, large_files, manifest, receipt_files
from sync.batch_file import BatchFile
from sync.keys import Card, SiteKeys
from sync.models import Batch
from sync.reasons import REASONS, Refused
from sync.transports import push_format
from sync.transports.base import TransportFailed

PIECE = 1024 * 1024
_EMPTY = hashlib.sha256().hexdigest()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to push to, and how long to wait for a sign of life (seconds)."""

    url: str
    timeout: float = 60.0
    tls: ssl.SSLContext | None = None

    def open(self) -> http.client.HTTPConnection:
        """A new connection."""
        parts = urlsplit(self.url)
        if parts.scheme == "https":
            return http.client.HTTPSConnection(parts.netloc, timeout=self.timeout, context=self.tls)
        return http.client.HTTPConnection(parts.netloc, timeout=self.timeout)

    @property
    def path(self) -> str:
        """The path of the endpoint."""
        return urlsplit(self.url).path


def tls_context(ca: Path | None, certificate: Path | None, key: Path | None) -> ssl.SSLContext:
    """TLS that trusts ``ca`` (or the system's) and shows our certificate when there is one."""
    context = ssl.create_default_context(cafile=str(ca) if ca else None)
    if certificate:
        context.load_cert_chain(str(certificate), str(key) if key else None)
    return context


class Line:
    """Requests to one peer. ``number`` gives each request its number, ``skip_to`` hears of one the peer has seen."""

    def __init__(
        self,
        endpoint: Endpoint,
        keys: SiteKeys,
        peer: Card,
        number: Callable[[], int],
        skip_to: Callable[[int], None],
    ) -> None:
        self._endpoint, self._keys, self._peer = endpoint, keys, peer
        self._number, self._skip_to = number, skip_to

    @property
    def own(self) -> Card:
        """The card under which this side signs."""
        return self._keys.card

    def ask(self) -> push_format.Answer:
        """What does the peer have?"""
        return self._twice(lambda: self._exchange("GET", 0, _EMPTY, None))

    def post(self, file: Path, halves: list[push_format.Half] | None = None) -> push_format.Answer:
        """Send one file, or the rest of it when the peer has a half; all of it when that half turns out to be bad."""
        digest = large_files.sha256_of(file)
        offset = _offset(halves or [], digest, file.stat().st_size)
        answer = self._post(file, digest, offset)
        if offset and answer.code in ("wrong_offset", "data_hash"):
            answer = self._post(file, digest, 0)
        return answer

    def _post(self, file: Path, digest: str, offset: int) -> push_format.Answer:
        size = file.stat().st_size - offset

        def once() -> push_format.Answer:
            with file.open("rb") as body:
                body.seek(offset)
                return self._exchange("POST", size, digest, body, offset)

        return self._twice(once)

    def _twice(self, once: Callable[[], push_format.Answer]) -> push_format.Answer:
        """Once more with a higher number when the peer has seen ours: this database was restored from a backup."""
        answer = once()
        if answer.code != "replayed":
            return answer
        self._skip_to(answer.seen)
        return once()

    def _exchange(
        self, method: str, size: int, digest: str, body: IO[bytes] | None, offset: int = 0
    ) -> push_format.Answer:
        request = push_format.Request.model_validate(
            {
                "method": method,
                "path": self._endpoint.path,
                "size": size,
                "offset": offset,
                "sha256": digest,
                "sender": self._keys.card.side,
                "recipient": self._peer.side,
                "number": self._number(),
                "nonce": secrets.token_hex(16),
            }
        )
        headers = {
            "Authorization": push_format.header_of(request, self._keys),
            "Content-Type": "application/octet-stream",
            "Content-Length": str(size),
        }
        try:
            with contextlib.closing(self._endpoint.open()) as connection:
                status, data, signature = _converse(connection, method, self._endpoint.path, headers, body)
        except ssl.SSLError as error:
            raise TransportFailed(f"TLS 连接没有建立：{error.reason or error}。请检查双方证书。") from error
        except (OSError, http.client.HTTPException) as error:
            raise TransportFailed(f"无法与对端通信：{type(error).__name__} {error}。稍后会重试。") from error
        if not signature:
            raise TransportFailed(_unsigned(status, data))
        try:
            return push_format.read_answer(
                data, signature, push_format.digest_of(manifest.to_bytes(request)), self._peer
            )
        except Refused as refusal:
            raise TransportFailed(
                f"对端的应答没有通过验证，没有采信（{refusal.code}）。可能连到了别的机器。"
            ) from refusal


@dataclass(slots=True)
class Push:
    """The transport: asks what is there, sends the rest, takes the receipts of the answers."""

    line: Line
    name: str = "push"
    _there: push_format.Answer = field(default_factory=push_format.Answer)
    _complaints: list[str] = field(default_factory=list)
    _asked: bool = False

    def prepare(self) -> None:
        """Nothing: the peer is asked when there is something to send."""
        self._asked = False

    def send(self, batch: Batch, files: list[Path]) -> None:
        """Send what the peer does not have. A file that it refuses is not sent again in this revision."""
        if not self._asked:
            self._take(self.line.ask())
            self._asked = True
        if self._has(batch):
            return
        for file in files:
            if _volume_hash(file, self.line.own) in self._there.volumes:
                continue
            answer = self.line.post(file, self._there.halves)
            self._take(answer)
            if answer.state == "refused":
                self._complaints.append(f"对端拒收第 {batch.seq} 批（{answer.code}）：{answer.sentence}")
            elif not answer.state:
                raise TransportFailed(f"对端没有收下第 {batch.seq} 批：{REASONS.get(answer.code, answer.code)}")

    def arrived(self) -> Iterator[list[Path]]:
        """Nothing: what the peer pushes is opened by the endpoint."""
        yield from ()

    def put_away(self, files: list[Path]) -> None:
        """Nothing to do."""

    def keep_back(self, files: list[Path]) -> None:
        """Nothing to do."""

    def complaints(self) -> list[str]:
        """Refusals since the last call."""
        told, self._complaints = self._complaints, []
        return told

    def _has(self, batch: Batch) -> bool:
        holds = self._there.holds
        if holds is None or holds.stream != str(batch.stream.epoch):
            return False
        return batch.seq <= holds.applied_seq or batch.seq in holds.waiting

    def _take(self, answer: push_format.Answer) -> None:
        self._there = answer
        courier_state.heard()
        if answer.receipt:
            try:
                receipt_files.take(answer.receipt.encode())
            except Refused as refusal:
                raise TransportFailed(f"对端应答里的回执不能采信（{refusal.code}）。") from refusal


def _offset(halves: list[push_format.Half], digest: str, size: int) -> int:
    """Where to go on with a file; a half as long as the whole is none."""
    return next((half.size for half in halves if half.sha256 == digest and half.size < size), 0)


def _volume_hash(file: Path, own: Card) -> str:
    """What a volume is called among those that wait at the peer; empty for what is not ours to read any more."""
    try:
        with file.open("rb") as handle:
            return BatchFile(handle, [own]).volume_hash
    except Refused:  # signed with a key that was changed since: then it is sent
        return ""


def _converse(
    connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str], body: IO[bytes] | None
) -> tuple[int, bytes, str]:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # answered before all was read: it says why
        connection.request(method, path, body=_pieces(body) if body else None, headers=headers)
    response = connection.getresponse()
    return (
        response.status,
        _answer_of(response, connection.timeout or 60.0),
        response.getheader(push_format.SIGNATURE_HEADER, ""),
    )


def _answer_of(response: http.client.HTTPResponse, patience: float) -> bytes:
    """The body, which must not be endless, neither in length nor in time."""
    data, end = bytearray(), time.monotonic() + patience
    while piece := response.read1(65536):
        data += piece
        if len(data) > push_format.LARGEST_ANSWER:
            raise http.client.HTTPException("the answer is too large")
        if time.monotonic() > end:
            raise http.client.HTTPException("the answer is too slow")
    if response.length:
        raise http.client.HTTPException("the answer is cut")
    return bytes(data)


def _pieces(body: IO[bytes]) -> Iterator[bytes]:
    while piece := body.read(PIECE):
        yield piece


def _unsigned(status: int, data: bytes) -> str:
    code = data[:40].decode("ascii", "replace").strip()
    reason = REASONS.get(code, "")
    return (
        f"对端没有接受请求（HTTP {status}）。{reason}" if reason else f"对端没有接受请求（HTTP {status}）。请核对地址。"
    )
