"""The endpoint to which the peer pushes. Off unless HALL_SYNC_PUSH_ACCEPT; the only key is the peer's signature."""

import secrets
import shutil
from pathlib import Path

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sync import arrivals, courier_state, durable, half_files, peers, receipt_files, status, volumes_in
from sync.keys import SiteKeys
from sync.models import InboxBatch, Stream
from sync.reasons import CannotProceed, Refused
from sync.reports import Outcome
from sync.transports import push_format
from sync.transports.push_format import Answer, Holds, Request

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
    if wanted.offset + wanted.size > settings.HALL_SYNC_PUSH_MAX_MB * 1024 * 1024:
        raise Refused("too_large", f"{wanted.offset + wanted.size} 字节")
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
    """The file on the disk, with the length and hash that were signed; the body goes on behind what came before."""
    if shutil.disk_usage(folder).free < wanted.size + RESERVE:
        raise Refused("no_space")
    target = folder / "pushed.zip"
    if wanted.offset:
        half_files.take(wanted.sha256, wanted.offset, target)
    half_files.append(target, request.read, wanted.size, wanted.sha256)
    return target


def _open(path: Path) -> Outcome:
    outcomes = arrivals.open_arrived([path], handed_over=True)
    return next(outcome for outcome in outcomes if outcome.file == path.name)


def _signed(answer: Answer, code: int, digest: bytes, keys: SiteKeys) -> HttpResponse:
    """Whoever repeats another's request learns nothing but the number from which the peer may go on."""
    if answer.code == "replayed":
        whole = answer.model_copy(update={"seen": courier_state.push_seen()})
    else:
        newest = receipt_files.newest()
        whole = answer.model_copy(
            update={
                "holds": _holds(),
                "volumes": volumes_in.held(push_format.MOST_HELD),
                "halves": [push_format.Half(sha256=name, size=size) for name, size in half_files.kept()],
                "receipt": newest[2].decode() if newest else "",
            }
        )
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
