"""The applicant's side of the messages about a case."""

import uuid
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from applications import actors, files
from applications.models import Application, MessageFile
from applications.talking import messages, queries
from applications.upload_limit import UploadLimit, guard
from applications.views import talking
from applications.views.applicant.access import get_case
from identity.acting import signed_in


def talk(case: Application) -> dict[str, Any]:
    """The thread for the case page, and the form where one may still write; what is shown counts as read."""
    thread = queries.thread(case, office=False)
    if any(row["is_new"] for row in thread):
        messages.mark_read(case, office=False)
    context = talking.form_context(reverse("applications:message", args=[case.uid]))
    return context | {"thread": thread, "closed": messages.refusal(case, timezone.now())}


@csrf_exempt  # the token is checked in _send, after the sizes of the files are watched
@require_POST
def send(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """Write to the office, with attachments."""
    return _send(request, uid, guard(request, settings.HALL_MAX_UPLOAD_MB))


@csrf_protect
def _send(request: HttpRequest, uid: uuid.UUID, limit: UploadLimit) -> HttpResponse:
    case = get_case(request, uid)
    action, back = (reverse(f"applications:{name}", args=[uid]) for name in ("message", "case"))
    return talking.take(request, case, actors.applicant(signed_in(request)), limit=limit, action=action, back=back)


@require_GET
def file(request: HttpRequest, uid: uuid.UUID, pk: int) -> FileResponse:
    """An attachment of the thread of one's own case."""
    found = get_object_or_404(MessageFile, pk=pk, message__application=get_case(request, uid))
    return files.send_blob(found.sha256, found.file_name, found.content_type, download="download" in request.GET)
