"""From frozen content to a PDF. Nothing else is read: no database, no settings of the case, no clock."""

from typing import Any

from django.template.loader import render_to_string

from applications import pdf
from applications.documents.catalog import KINDS
from applications.documents.ornament import frame_uri
from applications.documents.seal import qr_uri, seal_uri


def render_document(kind: str, content: dict[str, Any]) -> bytes:
    """The PDF of a document. The same content always gives the same bytes. pdf.PdfUnavailable when it cannot be made."""
    sheet = KINDS[kind].sheet
    return pdf.render(document_html(kind, content), title=_file_title(content), css=stylesheet(sheet), every_glyph=True)


def document_html(kind: str, content: dict[str, Any]) -> str:
    """The page of a document as HTML; its pictures are inside it."""
    case = content["case"]
    seal = case["seal"] and seal_uri(case["organ"]["name"], case["seal"])
    pictures = {"seal_uri": seal, "qr_uri": qr_uri(content["check_url"])}
    if KINDS[kind].sheet == "certificate":
        pictures["frame_uri"] = frame_uri()
    return render_to_string(KINDS[kind].template, {**content, **pictures})


def stylesheet(name: str) -> str:
    """The style sheet of a family of documents: notice, record, certificate, form."""
    return render_to_string(f"documents/{name}.css")


def _file_title(content: dict[str, Any]) -> str:
    return " ".join(part for part in (content["title"], content.get("number", "")) if part)
