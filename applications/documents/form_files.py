"""Blank and sample forms as files, made once: stored under the hash of the page, so a changed guide is a new file."""

import hashlib
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from applications.documents import application_form
from applications.documents.application_form import Page

PAGES = {"blank": application_form.blank_page, "sample": application_form.sample_page}


def open_form(content: dict[str, Any], which: str) -> File:
    """The ``blank`` or ``sample`` form of a guide's content, opened for reading; rendered when it is not there yet.

    pdf.PdfUnavailable when it has to be rendered and this machine cannot.
    """
    page = PAGES[which](content)
    name = _name(page)
    if not default_storage.exists(name):
        _keep(name, page.pdf())
    return default_storage.open(name, "rb")


def make_forms(content: dict[str, Any]) -> None:
    """Make both files ahead, so that nobody waits for them; called by the worker when a guide is published."""
    for which in PAGES:
        open_form(content, which).close()


def _name(page: Page) -> str:
    return f"forms/{hashlib.sha256(f'{page.css}{page.html}'.encode()).hexdigest()}.pdf"


def _keep(name: str, pdf: bytes) -> None:
    kept = default_storage.save(name, ContentFile(pdf))
    if kept != name:  # somebody made the same file in this moment
        default_storage.delete(kept)
