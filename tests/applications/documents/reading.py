"""A PDF as a reader sees it: its words by Poppler, an engine that is not ours. Samples are rendered once."""

import io
import subprocess
from functools import cache
from typing import Any

import pypdf

from applications.documents.render import render_document
from tests.applications.documents.samples import all_samples, sample


@cache
def made(name: str) -> bytes:
    """The PDF of a sample."""
    content = all_samples()[name]
    return render_document(content["kind"], content)


def fresh(kind: str, *args: Any, **changes: Any) -> bytes:
    """The PDF of a sample with changes."""
    return render_document(kind, sample(kind, *args, **changes))


def words(pdf: bytes) -> str:
    """All words in the order in which they were written, without blanks and line ends."""
    return "".join(poppler("pdftotext", pdf, "-raw").split())


def lines(pdf: bytes) -> list[str]:
    """The lines as they stand on the pages, without empty ones."""
    text = poppler("pdftotext", pdf, "-layout").replace("\f", "\n")
    return [line.strip() for line in text.splitlines() if line.strip()]


def pages(pdf: bytes) -> list[str]:
    """The words of each page."""
    return ["".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def poppler(program: str, pdf: bytes, *options: str) -> str:
    """What pdftotext or pdffonts prints about a file."""
    target = ["-"] if program == "pdftotext" else []
    return subprocess.run([program, *options, "-", *target], input=pdf, capture_output=True, check=True).stdout.decode()


def picture(pdf: bytes) -> bytes:
    """The first page as Poppler draws it."""
    return subprocess.run(
        ["pdftoppm", "-r", "60", "-l", "1", "-gray"], input=pdf, capture_output=True, check=True
    ).stdout
