"""Public files of a guide – its sheet, the blank and the sample form – made once and stored under the hash of the page.

A changed guide, or a changed template, is therefore a new file; nothing has to be thrown away by hand.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.urls import reverse

from applications.documents import application_form, guide_sheet
from applications.documents.application_form import Page

PAGES: dict[str, Callable[[dict[str, Any]], Page]] = {
    "blank": application_form.blank_page,
    "sample": application_form.sample_page,
    "guide": lambda content: guide_sheet.guide_page(content, guide_url(content["header"]["code"])),
}


def guide_url(code: str) -> str:
    """The public page of a matter, on the outer side."""
    return f"{settings.HALL_OUTER_URL}{reverse('matters:guide', args=[code])}"


def open_form(content: dict[str, Any], which: str) -> File:
    """The ``blank`` or ``sample`` form or the ``guide`` itself, opened for reading; rendered when it is not there yet.

    pdf.PdfUnavailable when it has to be rendered and this machine cannot.
    """
    return open_page(PAGES[which](content))


def open_page(page: Page) -> File:
    """A public page as its PDF, rendered only when there is none of the same page yet."""
    name = _name(page)
    if not default_storage.exists(name):
        _keep(name, page.pdf())
    return default_storage.open(name, "rb")


def make_forms(content: dict[str, Any]) -> None:
    """Make all files of a guide ahead, so that nobody waits for them."""
    for which in PAGES:
        open_form(content, which).close()


def _name(page: Page) -> str:
    return f"forms/{hashlib.sha256(f'{page.css}{page.html}'.encode()).hexdigest()}.pdf"


def _keep(name: str, pdf: bytes) -> None:
    kept = default_storage.save(name, ContentFile(pdf))
    if kept != name:  # somebody made the same file in this moment
        default_storage.delete(kept)
