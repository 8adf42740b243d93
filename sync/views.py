"""The operator's page: what waits, what was sent, what came, what was refused and why; disk in, disk out."""

import secrets
import shutil
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sync import batch_out, dead_letters, durable, figures, halts, intake, metrics, overview, reports
from sync.forms import DismissForm, UploadForm
from sync.models import Batch, DeadLetter, Halt, Stream
from sync.reasons import CannotProceed

_LEVELS = {0: messages.SUCCESS, 2: messages.WARNING, 3: messages.ERROR}


@require_GET
def operator(request: HttpRequest) -> HttpResponse:
    """The page itself."""
    return _page(request, UploadForm())


@require_GET
def as_json(request: HttpRequest) -> JsonResponse:
    """The figures of the page, for programs."""
    return JsonResponse(figures.read().as_json())


@require_GET
def prometheus(request: HttpRequest) -> HttpResponse:
    """The same for Prometheus, which brings a token as every program does."""
    return HttpResponse(metrics.text(figures.read()), content_type=metrics.CONTENT_TYPE)


@require_POST
def seal(request: HttpRequest) -> HttpResponse:
    """Seal what waits into files that can be downloaded from the list."""
    try:
        batches = batch_out.seal_all(batch_out.outgoing_folder())
    except (CannotProceed, OSError, OperationalError) as error:
        messages.error(request, _why(error))
    else:
        records = sum(batch.records for batch in batches)
        messages.success(request, _sealed(len(batches), records))
    return redirect("sync:operator")


@require_GET
def download(request: HttpRequest, seq: int, vol: int) -> HttpResponseBase:
    """One file of a sent batch, for carrying by disk."""
    batch = _sent_batch(seq)
    try:
        paths = batch_out.files_of(batch)
        if not 1 <= vol <= len(paths):
            raise Http404
        path = paths[vol - 1]
        return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)
    except (CannotProceed, OSError) as error:
        messages.error(request, _why(error))
        return redirect("sync:operator")


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Open a batch file that came on a disk; a bad one is quarantined and the page says why."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    folder = Path(settings.HALL_BATCH_DIR) / "upload" / secrets.token_hex(8)
    try:
        outcomes = intake.open_path(_received(form.cleaned_data["file"], folder), handed_over=True)
    except (CannotProceed, OSError, OperationalError) as error:
        messages.error(request, _why(error))
    else:
        for outcome, sentence in zip(outcomes, reports.sentences(outcomes), strict=True):
            messages.add_message(request, _LEVELS[outcome.exit_code], sentence)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return redirect("sync:operator")


@require_POST
def retry(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Try a dead letter again."""
    letter = _open_letter(letter_id)
    if dead_letters.retry(letter.pk, request.user.get_username()):
        messages.success(request, _("记录已应用，排在它后面的记录也已处理。"))
    else:
        letter.refresh_from_db()
        messages.error(request, _("仍然无法应用：%(reason)s") % {"reason": letter.reason})
    return redirect("sync:operator")


@require_POST
def dismiss(request: HttpRequest, letter_id: int) -> HttpResponse:
    """Give a dead letter up, with a reason."""
    letter = _open_letter(letter_id)
    form = DismissForm(request.POST)
    if form.is_valid():
        dead_letters.dismiss(letter.pk, request.user.get_username(), form.cleaned_data["note"])
        messages.success(request, _("已放弃这条记录，排在它后面的记录已处理。"))
    else:
        messages.error(request, str(form.errors["note"][0]))
    return redirect("sync:operator")


@require_POST
def let_pass(request: HttpRequest, halt_id: int) -> HttpResponse:
    """Let the stream go on without the record at which it stands, with a reason."""
    halt = get_object_or_404(Halt, pk=halt_id, open=True)
    form = DismissForm(request.POST)
    if form.is_valid():
        halts.let_pass(halt.pk, request.user.get_username(), form.cleaned_data["note"])
        messages.success(request, _("已放行。下次打开批次时，这条记录记为无法应用的记录，接收继续。"))
    else:
        messages.error(request, str(form.errors["note"][0]))
    return redirect("sync:operator")


def _page(request: HttpRequest, form: UploadForm) -> HttpResponse:
    view = overview.read(request.GET.get("page"))
    return render(request, "sync/operator.html", {"view": view, "form": form})


def _sent_batch(seq: int) -> Batch:
    return get_object_or_404(Batch, stream__direction=Stream.Direction.OUT, stream__current=True, seq=seq)


def _open_letter(letter_id: int) -> DeadLetter:
    return get_object_or_404(DeadLetter, pk=letter_id, open=True)


def _received(file: UploadedFile, folder: Path) -> Path:
    path = folder / Path(str(file.name)).name.encode()[-200:].decode(errors="ignore")
    with durable.part_file(path) as handle:
        for chunk in file.chunks():
            handle.write(chunk)
    return path


def _sealed(batches: int, records: int) -> str:
    if not batches:
        return _("没有等待发出的内容，未生成文件。")
    return ngettext(
        "已封装 %(n)d 个批次，共 %(records)d 条记录。", "已封装 %(n)d 个批次，共 %(records)d 条记录。", batches
    ) % {
        "n": batches,
        "records": records,
    }


def _why(error: CannotProceed | OSError | OperationalError) -> str:
    if isinstance(error, OSError):
        return durable.explain(error)
    if isinstance(error, OperationalError):
        return durable.explain_database(error)
    return str(error)
