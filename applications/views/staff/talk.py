"""The office's side of the messages: the thread on the case page, and the list of what waits for an answer."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from applications import actors, files
from applications.actors import Actor
from applications.models import Application, MessageFile
from applications.talking import messages, queries
from applications.upload_limit import UploadLimit, guard
from applications.views import talking
from applications.views.staff.access import get_case
from applications.views.tabs import tab_rows
from identity.acting import signed_in

ROWS = 30
TAB_WORDS = {"waiting": "待答复", "unread": "没有读过", "all": "全部"}


def talk(case: Application, actor: Actor) -> dict[str, Any]:
    """The thread for the case page. Read is what somebody saw who may answer: an inspector's look changes nothing."""
    thread, may_write = queries.thread(case, office=True), messages.may_write(case, actor)
    if may_write and any(row["is_new"] for row in thread):
        messages.mark_read(case, office=True)
    context = talking.form_context(reverse("applications:staff-message", args=[case.number]))
    return context | {
        "thread": thread,
        "may_write": may_write,
        "closed": messages.refusal(case, timezone.now()),
    }


@csrf_exempt  # the token is checked in _send, after the sizes of the files are watched
@require_POST
def send(request: HttpRequest, number: str) -> HttpResponse:
    """Write to the applicant, with attachments."""
    return _send(request, number, guard(request, settings.HALL_MAX_UPLOAD_MB))


@csrf_protect
def _send(request: HttpRequest, number: str, limit: UploadLimit) -> HttpResponse:
    case, actor = get_case(request, number)
    action, back = (reverse(f"applications:{name}", args=[number]) for name in ("staff-message", "staff-case"))
    return talking.take(request, case, actor, limit=limit, action=action, back=back)


@require_GET
def file(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """An attachment of the thread of a case this person may see."""
    case, _ = get_case(request, number)
    found = get_object_or_404(MessageFile, pk=pk, message__application=case)
    return files.send_blob(found.sha256, found.file_name, found.content_type, download="download" in request.GET)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Cases with messages; those that wait longest for an answer first."""
    actor = actors.staff(signed_in(request))
    tab = request.GET.get("tab", "waiting")
    if tab not in queries.TABS:
        raise Http404
    numbers = queries.counts(actor)
    page = Paginator(queries.listed(actor, tab), ROWS).get_page(request.GET.get("page"))
    context = {
        "tabs": tab_rows(TAB_WORDS, numbers, tab),
        "tab": tab,
        "page": page,
        "cases": page.object_list,
    }
    return render(request, "applications/staff/messages.html", context)
