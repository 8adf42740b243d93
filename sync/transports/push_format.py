"""What is said over HTTP: signed requests, and answers signed over the request they answer. No clock, no session.

A request is signed before anything is read of its body, and numbered: a number not above the last one is a repetition.
"""

import base64
import binascii
import hashlib
from typing import Annotated, Literal

from pydantic import Field

from sync import canonical, envelope, manifest, suites
from sync.keys import Card, SiteKeys
from sync.manifest import Count, Hash, Number, Side
from sync.reasons import Refused

REQUEST_CONTEXT = b"ZWFW-sync-push-request-v1\0"
ANSWER_CONTEXT = b"ZWFW-sync-push-answer-v1\0"
SCHEME = "ZWFW-Sync"
SIGNATURE_HEADER = "X-Sync-Signature"
LONGEST_HEADER = 4096
LARGEST_ANSWER = 2 * 1024 * 1024
MOST_HELD = 10_000
MOST_HALVES = 4


class Request(manifest.Strict):
    """The signed header of a request: ``size`` bytes of body, the rest from ``offset`` of the file with this hash."""

    format: Literal["zwfw-sync-push/1"] = "zwfw-sync-push/1"
    method: Literal["GET", "POST"]
    path: Annotated[str, Field(max_length=500)]
    size: Count
    offset: Count
    sha256: Hash
    sender: Side
    recipient: Side
    number: Number
    nonce: Annotated[str, Field(pattern=r"\A[0-9a-f]{32}\z")]


class Holds(manifest.Strict):
    """What the answering side has of the asking side's stream; ``waiting`` are batches received but not applied."""

    stream: Annotated[str, Field(max_length=36)]
    applied_seq: Count
    waiting: Annotated[list[Number], Field(max_length=1000)]


class Half(manifest.Strict):
    """The first ``size`` bytes of a file, named by the hash of the whole: nobody has verified them."""

    sha256: Hash
    size: Number


class Answer(manifest.Strict):
    """``state`` and ``code`` of the file (empty for a question), what is there already, our newest receipt file.

    ``volumes`` are hashes of ``volume.json`` of volumes that wait for others of their batch, ``halves`` broken files.
    """

    format: Literal["zwfw-sync-push-answer/1"] = "zwfw-sync-push-answer/1"
    state: Annotated[str, Field(max_length=20)] = ""
    code: Annotated[str, Field(max_length=40)] = ""
    sentence: Annotated[str, Field(max_length=2000)] = ""
    holds: Holds | None = None
    volumes: Annotated[list[Hash], Field(max_length=MOST_HELD)] = Field(default_factory=list)
    halves: Annotated[list[Half], Field(max_length=MOST_HALVES)] = Field(default_factory=list)
    receipt: Annotated[str, Field(max_length=LARGEST_ANSWER)] = ""
    seen: Count = 0


def header_of(request: Request, keys: SiteKeys) -> str:
    """The Authorization header of a request."""
    raw = manifest.to_bytes(request)
    signature = keys.sign(REQUEST_CONTEXT, raw)
    return f"{SCHEME} {_text(raw)}.{_text(signature)}"


def read_header(header: str, signer: Card, own: Card) -> tuple[Request, bytes]:
    """The request in a header and its digest; Refused unless ``signer`` meant exactly this for ``own``."""
    if len(header) > LONGEST_HEADER:
        raise Refused("too_large", "Authorization")
    scheme, _, rest = header.partition(" ")
    raw_text, _, signature_text = rest.partition(".")
    if scheme != SCHEME:
        raise Refused("bad_request", "Authorization")
    raw, signature = _bytes(raw_text), _bytes(signature_text)
    claimed = signature[: envelope.KEY_ID].hex()
    if claimed == own.sign_id:
        raise Refused("reflected")
    if claimed != signer.sign_id:
        raise Refused("unknown_key", claimed)
    _verify(signer, signature, REQUEST_CONTEXT, raw)
    request = manifest.read(Request, raw)
    if request.sender != signer.side or request.recipient != own.side:
        raise Refused("wrong_recipient", request.recipient)
    return request, digest_of(raw)


def digest_of(raw: bytes) -> bytes:
    """What an answer is bound to."""
    return hashlib.sha256(raw).digest()


def sign_answer(body: bytes, request_digest: bytes, keys: SiteKeys) -> str:
    """The signature header of an answer."""
    return _text(keys.sign(ANSWER_CONTEXT, request_digest + body))


def read_answer(body: bytes, signature: str, request_digest: bytes, signer: Card) -> Answer:
    """The answer to this very request; Refused for any other."""
    _verify(signer, _bytes(signature), ANSWER_CONTEXT, request_digest + body)
    return manifest.read(Answer, body)


def answer_bytes(answer: Answer) -> bytes:
    """Canonical JSON of an answer."""
    return canonical.encode(answer.model_dump())


def _verify(signer: Card, signature: bytes, context: bytes, message: bytes) -> None:
    try:
        suites.verify(signer.suite, bytes.fromhex(signer.sign), signature, context, message)
    except envelope.BadSignature as error:
        raise Refused("bad_signature") from error


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise Refused("bad_request", "Authorization") from error
