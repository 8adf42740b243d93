"""Background work of casework. Every task may run twice without harm."""

import uuid

from django.core.cache import cache
from django_q.tasks import async_task

from applications.documents import issue
from applications.talking import sending

QUIET_SECONDS = 600


def enqueue(uid: uuid.UUID) -> None:
    """Ask the worker for the PDF of a document; call it after the commit."""
    async_task("applications.tasks.render_document_task", str(uid))


def enqueue_once(uid: uuid.UUID) -> None:
    """The same, unless it was asked lately: a page that refreshes itself, or tick without a worker, must not fill the queue."""
    if cache.add(f"render-{uid}", True, timeout=QUIET_SECONDS):
        enqueue(uid)


def render_document_task(uid: str) -> None:
    """Make the PDF of one document, unless it is there already."""
    issue.render(uuid.UUID(uid))


def enqueue_notice(uid: uuid.UUID) -> None:
    """Ask the worker to send a notice; call it after the commit."""
    async_task("applications.tasks.send_notice_task", str(uid))


def send_notice_task(uid: str) -> None:
    """Send one notice, unless it was sent or is being sent."""
    sending.deliver(uuid.UUID(uid))
