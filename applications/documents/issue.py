"""From frozen content to a PDF in the blob store, and the fact that it is ready."""

import io
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from applications import sync_facts
from applications.documents.render import render_document
from applications.models import Document
from applications.models.document import DocumentState
from applications.pdf import PdfUnavailable
from sync import blobs


def render(uid: uuid.UUID) -> None:
    """Render and keep the PDF; a missing font or library is written on the document instead, for the next run."""
    document = Document.objects.get(uid=uid)
    if document.state == DocumentState.READY:
        return
    try:
        pdf = render_document(document.kind, document.content)
    except PdfUnavailable as error:
        Document.objects.filter(pk=document.pk).update(state=DocumentState.FAILED, failure=str(error))
        return
    mark_ready(document, pdf)


def mark_ready(document: Document, pdf: bytes) -> None:
    """Keep the PDF and, on the inner side, tell the outer one. Two workers finishing together count once."""
    name = blobs.put(io.BytesIO(pdf))
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        if locked.state == DocumentState.READY:
            return
        locked.state, locked.blob, locked.failure = DocumentState.READY, name, ""
        locked.rendered_at = timezone.now()
        locked.save(update_fields=["state", "blob", "failure", "rendered_at"])
        if settings.HALL_SIDE == "inner":
            sync_facts.record_document(locked)
