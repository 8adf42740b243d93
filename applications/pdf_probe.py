"""Open a PDF in a process of its own: what it unpacks to is not known before, and qpdf has no limit for LZW.

``python -P applications/pdf_probe.py < file`` ends with OK, ENCRYPTED or UNREADABLE; a kill by the limits means UNREADABLE.
"""

import io
import resource
import subprocess
import sys
from typing import IO

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


def verdict(file: IO[bytes], size: int) -> int:
    """OK, ENCRYPTED or UNREADABLE; ``file`` is read from its beginning, ``size`` is its length in bytes."""
    file.seek(0)
    if size <= SMALL_BYTES:
        return look(file)
    try:
        done = subprocess.run(  # noqa: S603  our own file, with nothing of the upload in the command
            [sys.executable, "-P", __file__],
            input=file.read(),
            timeout=WALL_SECONDS,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return UNREADABLE
    return done.returncode if done.returncode in (OK, ENCRYPTED) else UNREADABLE


def look(file: IO[bytes]) -> int:
    """Open the PDF here and now."""
    try:
        with pikepdf.open(file) as pdf:  # type: ignore[arg-type]
            return OK if len(pdf.pages) else UNREADABLE
    except pikepdf.PasswordError:
        return ENCRYPTED
    except (pikepdf.PdfError, ValueError, RuntimeError):
        return UNREADABLE


def main() -> int:
    """The child: limits first, then the file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        return look(io.BytesIO(sys.stdin.buffer.read()))
    except MemoryError:
        return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
