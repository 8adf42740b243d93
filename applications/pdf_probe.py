"""Open a PDF in a process of its own: what it unpacks to is not known before, and qpdf has no limit for LZW.

``python -P applications/pdf_probe.py < file`` ends with OK, ENCRYPTED or UNREADABLE; a kill by the limits means UNREADABLE. With
``fields`` after it, it also writes what is filled in, as JSON.
"""

import io
import json
import resource
import subprocess
import sys
from typing import IO, Any

import pikepdf
import pikepdf.settings

# The directories of a PDF are unpacked to count its pages: a million objects need far less. For the whole process.
MAX_PDF_DIRECTORY = 16 * 1024 * 1024
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=MAX_PDF_DIRECTORY,
    run_length_max_memory=MAX_PDF_DIRECTORY,
    png_max_memory=MAX_PDF_DIRECTORY,
    tiff_max_memory=MAX_PDF_DIRECTORY,
    dct_max_memory=MAX_PDF_DIRECTORY,
)

OK, ENCRYPTED, UNREADABLE = 0, 10, 11
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
WALL_SECONDS = 30
# Below this even the worst file unpacks to less than a web process can bear, and a process of its own costs more.
SMALL_BYTES = 32 * 1024
MOST_FIELDS = 5000
MOST_LETTERS = 20_000  # of one answer
MOST_LETTERS_IN_ALL = 1_000_000
MOST_NAME = 300
DEPTH = 8
WRONG_SHAPE = (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError, RuntimeError, RecursionError)


def verdict(file: IO[bytes], size: int) -> int:
    """OK, ENCRYPTED or UNREADABLE; ``file`` is read from its beginning, ``size`` is its length in bytes."""
    file.seek(0)
    if size <= SMALL_BYTES:
        return look(file)
    return _in_a_child(file.read())[0]


def filled_in(file: IO[bytes]) -> dict[str, str]:
    """What is filled in, by the full name of the field: texts, and the names of boxes that are ticked. Empty ones are left
    out, and so is everything when the file cannot be read or has no form."""
    file.seek(0)
    verdict, written = _in_a_child(file.read(), "fields")
    return json.loads(written) if verdict == OK and written else {}


def _in_a_child(content: bytes, *arguments: str) -> tuple[int, bytes]:
    try:
        done = subprocess.run(  # noqa: S603  our own file, with nothing of the upload in the command
            [sys.executable, "-P", __file__, *arguments],
            input=content,
            timeout=WALL_SECONDS,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return UNREADABLE, b""
    return (done.returncode, done.stdout) if done.returncode in (OK, ENCRYPTED) else (UNREADABLE, b"")


def look(file: IO[bytes]) -> int:
    """Open the PDF here and now."""
    file.seek(0)
    try:
        with pikepdf.open(file) as pdf:  # type: ignore[arg-type]
            return OK if len(pdf.pages) else UNREADABLE
    except pikepdf.PasswordError:
        return ENCRYPTED
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return UNREADABLE


def read_fields(file: IO[bytes]) -> dict[str, str]:
    """Walk through the form, as far as the limits; ``WRONG_SHAPE`` when it is not one."""
    found: dict[str, str] = {}
    file.seek(0)
    with pikepdf.open(file) as pdf:  # type: ignore[arg-type]
        form: Any = pdf.Root.get("/AcroForm", {})
        waiting = [(field, "", 0) for field in _some(form.get("/Fields", []))]
        seen = letters = 0
        while waiting and seen < MOST_FIELDS and letters < MOST_LETTERS_IN_ALL:
            field, parent, depth = waiting.pop()
            seen += 1
            name = ".".join(part for part in (parent, str(field.get("/T", ""))) if part)[:MOST_NAME]
            value = _answer(field.get("/V"))
            letters += len(value)
            if name and value:
                found[name] = value
            if depth < DEPTH:
                waiting += [(kid, name, depth + 1) for kid in _some(field.get("/Kids", [])) if "/T" in kid]
    return found


def _some(fields: Any) -> list[Any]:
    return list(fields)[:MOST_FIELDS]


def _answer(value: Any) -> str:
    """A text, or the name of a ticked box; nothing for what else a value can be."""
    if isinstance(value, pikepdf.Name):
        return "" if value == pikepdf.Name.Off else str(value)[1 : MOST_LETTERS + 1]
    return str(value)[:MOST_LETTERS] if isinstance(value, pikepdf.String) else ""


def main() -> int:
    """The child: limits first, then the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        file = io.BytesIO(sys.stdin.buffer.read())
        verdict = look(file)
        if verdict == OK and sys.argv[1:] == ["fields"]:
            sys.stdout.write(json.dumps(read_fields(file)))
        return verdict
    except (MemoryError, *WRONG_SHAPE):
        return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
