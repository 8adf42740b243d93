"""What the two sides' pages of messages have in common: the thread with its form, and taking a message that was sent."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages as banners
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from applications.actors import Actor
from applications.errors import DataMissing, MoveRefused
from applications.file_checks import FileRefused
from applications.models import Application
from applications.talking import messages
from applications.upload_limit import UploadLimit
from applications.views.applicant.access import typed


def form_context(action: str) -> dict[str, Any]:
    """What ``talking/form.html`` needs; ``uid`` makes a form that is sent twice one message."""
    return {
        "action": action,
        "uid": uuid.uuid4(),
        "most_files": messages.MOST_FILES,
        "formats": messages.FORMATS,
        "max_mb": settings.HALL_MAX_UPLOAD_MB,
        "accept": ",".join(f".{one}" for one in messages.FORMATS),
    }


def take(
    request: HttpRequest, case: Application, actor: Actor, *, limit: UploadLimit, action: str, back: str
) -> HttpResponse:
    """Send the message of this request; a refusal keeps what was typed."""
    text = typed(request.POST, "text")
    try:
        limit.check()
        messages.send(case, actor=actor, text=text, files=request.FILES.getlist("files"), uid=_uid(request))
    except (FileRefused, MoveRefused) as refused:
        context = form_context(action) | {
            "case": case,
            "text": text,
            "back": back,
            "errors": [{"message": sentence, "href": "#message-text"} for sentence in _sentences(refused)],
        }
        return render(request, "applications/talking/write.html", context, status=422)
    banners.success(request, "留言已经发出。")
    return redirect(f"{back}#messages")


def _sentences(refused: FileRefused | MoveRefused) -> list[str]:
    return [*refused.fields.values()] if isinstance(refused, DataMissing) else [refused.message]


def _uid(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("uid", ""))
    except ValueError:
        return None
