"""Turn a frozen document into a file: render, keep it as a blob, and tell the other network. Safe to run twice."""

import io
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from applications import actors, evidence, sync_facts
from applications.documents.content import digest
from applications.documents.render import render_document
from applications.models import Application, Document
from applications.models.document import DocumentState
from applications.pdf import PdfUnavailable
from sync import blobs


class ContentChanged(RuntimeError):
    """The stored content is not what was frozen with the act; it must not go out under the organ's name."""


def render(uid: uuid.UUID) -> None:
    """Make the PDF of one document unless it is there.

    A machine that cannot make PDFs at the moment leaves the document waiting, with the reason, and the next ``tick``
    asks again. Anything else marks it failed, so that the operator sees it, and is raised for the worker's log.
    """
    document = Document.objects.get(uid=uid)
    if document.state == DocumentState.READY:
        return
    try:
        pdf = _rendered(document)
    except PdfUnavailable as reason:
        _note(document, DocumentState.PENDING, str(reason))
        return
    except Exception as error:
        _note(document, DocumentState.FAILED, f"文书没有生成：{error}")
        raise
    mark_ready(document, pdf)


def mark_ready(document: Document, pdf: bytes) -> None:
    """Keep the PDF, mark the document ready and, on the inner side, record the fact ``document.issued`` with it."""
    sha256 = blobs.put(io.BytesIO(pdf))
    with transaction.atomic():
        locked = Document.objects.select_for_update().get(pk=document.pk)
        if locked.state == DocumentState.READY:
            return  # another worker was quicker
        locked.state, locked.blob = DocumentState.READY, sha256
        locked.rendered_at, locked.failure = timezone.now(), ""
        locked.save(update_fields=["state", "blob", "rendered_at", "failure"])
        record_issue(locked)
        if settings.HALL_SIDE == "inner":
            sync_facts.record_document(locked)


def record_issue(document: Document) -> None:
    """Bind the content and the file to the chain of the case: another PDF under the same number would not fit it.

    Inside the transaction that makes the file known here.
    """
    case = Application.objects.select_for_update().get(pk=document.application_id)
    said = {"document": str(document.uid), "kind": document.kind, "number": document.number}
    said |= {"content_sha256": document.content_sha256, "pdf_sha256": document.blob}
    evidence.record_act(case, "issue", actor=actors.system(), data=said)


def _rendered(document: Document) -> bytes:
    if digest(document.content) != document.content_sha256:
        raise ContentChanged("保存的内容与作出时不一致，请联系系统运维核查。")
    return render_document(document.kind, document.content)


def _note(document: Document, state: DocumentState, failure: str) -> None:
    """Write down why there is no PDF; a document that became ready meanwhile stays so."""
    Document.objects.filter(pk=document.pk).exclude(state=DocumentState.READY).update(state=state, failure=failure)
