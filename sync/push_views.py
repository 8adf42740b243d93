"""The endpoint to which the peer pushes. Off unless HALL_SYNC_PUSH_ACCEPT; the only key is the peer's signature."""

import hashlib
import secrets
import shutil
from pathlib import Path

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sync import arrivals, courier_state, durable, peers, receipt_files, status
from sync.intake import Outcome
from sync.keys import SiteKeys
from sync.models import InboxBatch, Stream
from sync.reasons import CannotProceed, Refused
from sync.transports import push_format
from sync.transports.push_format import Answer, Holds, Request

PIECE = 1024 * 1024
RESERVE = 64 * 1024 * 1024  # bytes left free for the database, whoever sends
_STATUS = {"too_large": 413, "no_space": 507}


@csrf_exempt  # no cookie counts here
@require_http_methods(["GET", "POST"])
def push(request: HttpRequest) -> HttpResponse:
    """GET: what we have of the peer's stream. POST: take one file. Unsigned answers go to strangers only."""
    if not settings.HALL_SYNC_PUSH_ACCEPT:
        raise Http404
    try:
        keys, peer = peers.site_keys(), peers.peer_card()
        wanted, digest = push_format.read_header(request.headers.get("Authorization", ""), peer, keys.card)
    except Refused as refusal:
        return HttpResponse(refusal.code, status=403, content_type="text/plain")
    except CannotProceed:
        return HttpResponse("not_ready", status=503, content_type="text/plain")
    try:
        _check(request, wanted)
        answer = Answer() if wanted.method == "GET" else _file(request, wanted)
        code = 200
    except Refused as refusal:
        answer = Answer(code=refusal.code, sentence=refusal.sentence)
        code = _STATUS.get(refusal.code, 409)
    return _signed(answer, code, digest, keys)


def _check(request: HttpRequest, wanted: Request) -> None:
    """The request is the one that was signed, and a new one. Its body has not been read yet."""
    if (request.method, request.path) != (wanted.method, wanted.path):
        raise Refused("bad_request", "path")
    if request.META.get("CONTENT_LENGTH") not in (str(wanted.size), "" if not wanted.size else None):
        raise Refused("bad_request", "Content-Length")
    if wanted.size > settings.HALL_SYNC_PUSH_MAX_MB * 1024 * 1024:
        raise Refused("too_large", f"{wanted.size} 字节")
    if not courier_state.see_push_number(wanted.number):
        raise Refused("replayed", str(wanted.number))
    courier_state.heard()


def _file(request: HttpRequest, wanted: Request) -> Answer:
    folder = Path(settings.HALL_BATCH_DIR) / "pushed" / secrets.token_hex(8)
    folder.mkdir(parents=True)
    try:
        outcome = _open(_received(request, wanted, folder))
    except OSError as error:
        raise Refused("not_received", durable.explain(error)) from error
    except (CannotProceed, OperationalError) as error:
        raise Refused("not_received", str(error)[:200]) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Answer(state=outcome.state, code=outcome.code, sentence=outcome.sentence[:2000])


def _received(request: HttpRequest, wanted: Request, folder: Path) -> Path:
    """The body on the disk, in pieces, with its length and hash as they were signed."""
    if shutil.disk_usage(folder).free < wanted.size + RESERVE:
        raise Refused("no_space")
    digest, left = hashlib.sha256(), wanted.size
    target = folder / "pushed.zip"
    with durable.part_file(target) as handle:
        while left:
            piece = request.read(min(PIECE, left))
            if not piece:
                raise Refused("cut", f"少 {left} 字节")
            digest.update(piece)
            handle.write(piece)
            left -= len(piece)
        if digest.hexdigest() != wanted.sha256:
            raise Refused("data_hash")
    return target


def _open(path: Path) -> Outcome:
    outcomes = arrivals.open_arrived([path])
    return next(outcome for outcome in outcomes if outcome.file == path.name)


def _signed(answer: Answer, code: int, digest: bytes, keys: SiteKeys) -> HttpResponse:
    """Whoever repeats another's request learns nothing but the number from which the peer may go on."""
    if answer.code == "replayed":
        whole = answer.model_copy(update={"seen": courier_state.push_seen()})
    else:
        newest = receipt_files.newest()
        whole = answer.model_copy(update={"holds": _holds(), "receipt": newest[2].decode() if newest else ""})
    body = push_format.answer_bytes(whole)
    signature = push_format.sign_answer(body, digest, keys)
    return HttpResponse(
        body,
        status=code,
        content_type="application/json",
        headers={push_format.SIGNATURE_HEADER: signature, "Cache-Control": "no-store"},
    )


def _holds() -> Holds | None:
    stream = status.current(Stream.Direction.IN)
    if stream is None:
        return None
    waiting = InboxBatch.objects.filter(stream=stream, state=InboxBatch.State.PARKED).order_by("seq")
    return Holds(
        stream=str(stream.epoch), applied_seq=stream.seq, waiting=list(waiting.values_list("seq", flat=True)[:1000])
    )
